//! Values as both engines hold them: what a statement is given, and what a row is made of (值).

use std::borrow::Cow;

use anyhow::{Result, bail};

/// One value: a parameter of a statement, or a cell of a row that is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value<'v> {
    /// Nothing. PostgreSQL has to be told of what type, where the statement does not tell.
    Null(Kind),
    /// A number, or 0 and 1 for no and yes.
    Int(i64),
    /// A text.
    Text(Cow<'v, str>),
    /// Bytes.
    Bytes(Cow<'v, [u8]>),
}

/// Of what type nothing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The statement tells.
    Any,
    /// A number.
    Int,
    /// A text.
    Text,
    /// Bytes.
    Bytes,
}

impl Value<'_> {
    /// Of what type it is.
    pub fn kind(&self) -> Kind {
        match self {
            Value::Null(kind) => *kind,
            Value::Int(_) => Kind::Int,
            Value::Text(_) => Kind::Text,
            Value::Bytes(_) => Kind::Bytes,
        }
    }

    /// The same, borrowing from nobody.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null(kind) => Value::Null(kind),
            Value::Int(number) => Value::Int(number),
            Value::Text(text) => Value::Text(text.into_owned().into()),
            Value::Bytes(bytes) => Value::Bytes(bytes.into_owned().into()),
        }
    }

    fn borrowed(&self) -> Value<'_> {
        match self {
            Value::Null(kind) => Value::Null(*kind),
            Value::Int(number) => Value::Int(*number),
            Value::Text(text) => Value::Text(Cow::Borrowed(text)),
            Value::Bytes(bytes) => Value::Bytes(Cow::Borrowed(bytes)),
        }
    }
}

/// What can be given to a statement.
pub trait Bind {
    /// Of what type it is, also where it is nothing.
    const KIND: Kind = Kind::Any;

    /// As the engines take it.
    fn bind(&self) -> Value<'_>;
}

impl Bind for Value<'_> {
    fn bind(&self) -> Value<'_> {
        self.borrowed()
    }
}

impl Bind for str {
    const KIND: Kind = Kind::Text;

    fn bind(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self))
    }
}

impl Bind for String {
    const KIND: Kind = Kind::Text;

    fn bind(&self) -> Value<'_> {
        self.as_str().bind()
    }
}

impl Bind for [u8] {
    const KIND: Kind = Kind::Bytes;

    fn bind(&self) -> Value<'_> {
        Value::Bytes(Cow::Borrowed(self))
    }
}

impl Bind for Vec<u8> {
    const KIND: Kind = Kind::Bytes;

    fn bind(&self) -> Value<'_> {
        self.as_slice().bind()
    }
}

impl<T: Bind + ?Sized> Bind for &T {
    const KIND: Kind = T::KIND;

    fn bind(&self) -> Value<'_> {
        (**self).bind()
    }
}

impl<T: Bind> Bind for Option<T> {
    const KIND: Kind = T::KIND;

    fn bind(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null(T::KIND), Bind::bind)
    }
}

macro_rules! numbers {
    ($($number:ty),*) => { $(
        impl Bind for $number {
            const KIND: Kind = Kind::Int;

            fn bind(&self) -> Value<'_> {
                Value::Int(i64::from(*self))
            }
        }

        impl From<$number> for Value<'_> {
            fn from(number: $number) -> Self {
                Value::Int(number.into())
            }
        }
    )* };
}

numbers!(i64, i32, i16, u32, u16, u8, bool);

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(Cow::Owned(text))
    }
}

impl<T: Bind + Into<Value<'static>>> From<Option<T>> for Value<'static> {
    fn from(maybe: Option<T>) -> Self {
        maybe.map_or(Value::Null(T::KIND), Into::into)
    }
}

/// A cell as the engine holds it, for a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'r> {
    /// Nothing.
    Null,
    /// A number.
    Int(i64),
    /// A text.
    Text(&'r str),
    /// Bytes.
    Bytes(&'r [u8]),
    /// What neither schema nor statement allows: somebody changed the database behind our back.
    Strange,
}

impl<'r> Cell<'r> {
    /// The text, where it is one.
    pub fn as_str(self) -> Result<&'r str> {
        match self {
            Cell::Text(text) => Ok(text),
            other => bail!("a text was expected, {other:?} found"),
        }
    }

    /// The text or nothing, where it is one of the two.
    pub fn as_str_or_null(self) -> Result<Option<&'r str>> {
        match self {
            Cell::Null => Ok(None),
            other => other.as_str().map(Some),
        }
    }

    /// The bytes, where it is some.
    pub fn as_blob(self) -> Result<&'r [u8]> {
        match self {
            Cell::Bytes(bytes) => Ok(bytes),
            other => bail!("bytes were expected, {other:?} found"),
        }
    }
}

/// What can be taken out of a row.
pub trait Take: Sized {
    /// Out of a cell.
    fn take(cell: Cell<'_>) -> Result<Self>;
}

impl Take for i64 {
    fn take(cell: Cell<'_>) -> Result<i64> {
        match cell {
            Cell::Int(number) => Ok(number),
            other => bail!("a number was expected, {other:?} found"),
        }
    }
}

impl Take for bool {
    fn take(cell: Cell<'_>) -> Result<bool> {
        i64::take(cell).map(|number| number != 0)
    }
}

impl Take for u8 {
    fn take(cell: Cell<'_>) -> Result<u8> {
        Ok(i64::take(cell)?.try_into()?)
    }
}

impl Take for String {
    fn take(cell: Cell<'_>) -> Result<String> {
        cell.as_str().map(str::to_owned)
    }
}

impl Take for Vec<u8> {
    fn take(cell: Cell<'_>) -> Result<Vec<u8>> {
        cell.as_blob().map(<[u8]>::to_vec)
    }
}

impl<T: Take> Take for Option<T> {
    fn take(cell: Cell<'_>) -> Result<Option<T>> {
        match cell {
            Cell::Null => Ok(None),
            cell => T::take(cell).map(Some),
        }
    }
}

impl Take for Value<'static> {
    fn take(cell: Cell<'_>) -> Result<Value<'static>> {
        Ok(match cell {
            Cell::Null => Value::Null(Kind::Any),
            Cell::Int(number) => Value::Int(number),
            Cell::Text(text) => Value::Text(text.to_owned().into()),
            Cell::Bytes(bytes) => Value::Bytes(bytes.to_vec().into()),
            Cell::Strange => bail!("a value of no known type"),
        })
    }
}

/// A row for as long as it is looked at.
pub enum Row<'r> {
    /// Of SQLite.
    Sqlite(&'r rusqlite::Row<'r>),
    /// Of PostgreSQL.
    Postgres(&'r tokio_postgres::Row),
}

impl Row<'_> {
    /// The value of a column, counted from 0.
    pub fn get<T: Take>(&self, column: usize) -> Result<T> {
        T::take(self.get_ref(column)?)
    }

    /// How many columns it has.
    pub fn columns(&self) -> usize {
        match self {
            Row::Sqlite(row) => row.as_ref().column_count(),
            Row::Postgres(row) => row.len(),
        }
    }

    /// The same without taking it out.
    pub fn get_ref(&self, column: usize) -> Result<Cell<'_>> {
        match self {
            Row::Sqlite(row) => Ok(super::sqlite::cell(row.get_ref(column)?)),
            Row::Postgres(row) => Ok(row.try_get::<_, Cell<'_>>(column)?),
        }
    }
}

/// The parameters of a statement behind `$1`, which is the town.
#[macro_export]
macro_rules! params {
    ($($param:expr),* $(,)?) => { &[$($crate::storage::Bind::bind(&$param)),*] as &[$crate::storage::Value<'_>] };
}
