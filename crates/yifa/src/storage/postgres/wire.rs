//! Values on their way to and from the server (线上的值).

use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::storage::{Cell, Kind, Value};

/// The town and the parameters behind it, on their way to the server.
pub(super) fn given<'w>(town: &'w Value<'w>, params: &'w [Value<'w>]) -> Vec<&'w (dyn ToSql + 'w)> {
    std::iter::once(town).chain(params).map(given_as).collect()
}

pub(super) fn type_of(kind: Kind) -> Type {
    match kind {
        Kind::Any => Type::UNKNOWN,
        Kind::Int => Type::INT8,
        Kind::Text => Type::TEXT,
        Kind::Bytes => Type::BYTEA,
    }
}

/// A value on its way to the server.
pub(super) fn given_as<'w>(value: &'w Value<'w>) -> &'w (dyn ToSql + 'w) {
    value
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut tokio_postgres::types::private::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null(_) => Ok(IsNull::Yes),
            Value::Int(number) => number.to_sql(kind, out),
            // PostgreSQL keeps no text with a NUL in it, and says so.
            Value::Text(text) => text.as_ref().to_sql(kind, out),
            Value::Bytes(bytes) => bytes.as_ref().to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'r> FromSql<'r> for Cell<'r> {
    fn from_sql(kind: &Type, raw: &'r [u8]) -> Result<Cell<'r>, Box<dyn std::error::Error + Sync + Send>> {
        Ok(match *kind {
            Type::INT8 => Cell::Int(i64::from_sql(kind, raw)?),
            Type::INT4 => Cell::Int(i32::from_sql(kind, raw)?.into()),
            Type::INT2 => Cell::Int(i16::from_sql(kind, raw)?.into()),
            Type::BOOL => Cell::Int(bool::from_sql(kind, raw)?.into()),
            Type::TEXT | Type::VARCHAR | Type::NAME | Type::UNKNOWN => Cell::Text(<&str>::from_sql(kind, raw)?),
            Type::BYTEA => Cell::Bytes(raw),
            _ => Cell::Strange,
        })
    }

    fn from_sql_null(_: &Type) -> Result<Cell<'r>, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Cell::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
