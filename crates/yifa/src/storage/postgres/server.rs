//! Making a server's database ready, and looking whether it is (建库、升级、核对).

use anyhow::{Context, Result};

use super::{Connection, Held, Purpose, Target, Url, search};
use crate::refused::refuse;
use crate::storage::{JOURNAL, PEOPLE, SCHEMA, Table, tables, upgrade};

/// Which version the tables are of. One that began and did not end is no version.
const VERSION: &str = "
CREATE TABLE IF NOT EXISTS yifa_schema (
  version  BIGINT NOT NULL,
  began_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ,
  PRIMARY KEY (version)
);
";

/// What is only ever added to. The program's role may not change or delete it, whoever takes over the program.
const ADDED_TO: [&str; 6] = ["town", "entry", "payload", "sealed", "tile", "checkpoint"];

/// What the sum of a figure over all towns is read from; a town's own sums have the key of the table. The table's key
/// begins with the town, so that without this all facts there ever were would be read for one figure. Within a year the
/// towns come one after the other and are added up as they come; how many facts a year has, the server knows only where
/// it is told to count. `fact_figure` was the index before: by day, each town all over it.
const ALL_TOWNS: &str = "
DROP INDEX IF EXISTS fact_figure;
CREATE INDEX IF NOT EXISTS fact_year ON fact (figure, substr(day, 1, 4), town_id, day)
  INCLUDE (value, late, flagged, idx, fact_key, until_day) WHERE until_idx = 0;
CREATE STATISTICS IF NOT EXISTS fact_years ON (substr(day, 1, 4)) FROM fact;
";

/// What stands in a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No table of ours.
    Empty,
    /// Ready for this program.
    Ready,
    /// Of an older version.
    Older(i64),
    /// Of a newer one.
    Newer(i64),
    /// A change of version began and has not ended.
    Half(i64),
}

/// What making ready did, or would do.
pub struct Prepared {
    /// From what.
    pub was: Standing,
    /// The statements, in order.
    pub statements: String,
}

/// The tables of the program, each with its columns and their types.
pub fn expected() -> Vec<Table<'static>> {
    [JOURNAL, PEOPLE, search::CREATE].into_iter().flat_map(tables).collect()
}

/// What stands there.
pub fn standing(connection: &Connection) -> Result<Standing> {
    if connection
        .setting("SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'yifa_schema'")?
        .is_none()
    {
        return Ok(Standing::Empty);
    }
    let sql = "SELECT version || ' ' || (ended_at IS NOT NULL) FROM yifa_schema ORDER BY version DESC LIMIT 1";
    let Some(found) = connection.setting(sql)? else { return Ok(Standing::Empty) };
    let (version, ended) = found.split_once(' ').context("a version and whether it ended")?;
    let version: i64 = version.parse()?;
    Ok(match () {
        () if ended != "true" => Standing::Half(version),
        () if version > SCHEMA => Standing::Newer(version),
        () if version < SCHEMA => Standing::Older(version),
        () => Standing::Ready,
    })
}

/// Whether the program can work there: version, tables, order of texts, and that nobody with its rights could change what
/// is written.
///
/// # Errors
/// P764 to P768, each with what is to be done.
pub fn check(held: &Held, url: &Url) -> Result<()> {
    let prepare = "请管理数据库的人运行 yifa database prepare（先备份，可先加 --dry-run 看要做什么）";
    match standing(held)? {
        Standing::Ready => {}
        Standing::Empty => return Err(refuse(764, format!("数据库 {url} 里还没有依法的表"), prepare)),
        Standing::Older(version) => {
            let text = format!("数据库 {url} 的表是旧版（第 {version} 版，本程序用第 {SCHEMA} 版）");
            return Err(refuse(765, text, prepare));
        }
        Standing::Newer(version) => {
            let text = format!("数据库 {url} 的表是更新版本的程序建的（第 {version} 版，本程序认得第 {SCHEMA} 版）");
            return Err(refuse(765, text, "请升级程序再打开；数据没有改动"));
        }
        Standing::Half(version) => {
            let text = format!("数据库 {url} 升级到第 {version} 版只做了一半");
            let remedy = "请管理数据库的人再运行一次 yifa database prepare 把它做完；做不完的，从升级前的备份恢复";
            return Err(refuse(765, text, remedy));
        }
    }
    if let Some(strange) = strange(held)? {
        let remedy = "表被人改过，或者恢复得不全。请从备份恢复数据库；不要手工改表";
        return Err(refuse(765, format!("数据库 {url} 的表与程序的不符：{strange}"), remedy));
    }
    collation(held, url)?;
    let can = ADDED_TO
        .iter()
        .flat_map(|table| ["UPDATE", "DELETE", "TRUNCATE"].map(|right| (*table, right)))
        .map(|(table, right)| format!("has_table_privilege(current_user, '{table}', '{right}')"))
        .collect::<Vec<_>>()
        .join(" OR ");
    if held.setting(&format!("SELECT {can}"))?.as_deref() == Some("t") {
        return Err(refuse(
            768,
            format!("数据库 {url} 的这个用户能修改、删除日志的表"),
            "日志只许增加。请换一个只有增加权限的用户：建好用户以后，由管理数据库的人运行 yifa database prepare --role 用户名",
        ));
    }
    Ok(())
}

/// Texts are put in order by their code points on every engine.
fn collation(connection: &Connection, url: &Url) -> Result<()> {
    let found = connection.setting("SELECT datcollate FROM pg_database WHERE datname = current_database()")?;
    let encoding = connection.setting("SHOW server_encoding")?;
    let order = found.unwrap_or_default();
    if ["C", "POSIX", "C.UTF-8", "C.utf8"].contains(&order.as_str()) && encoding.as_deref() == Some("UTF8") {
        return Ok(());
    }
    Err(refuse(
        766,
        format!("数据库 {url} 的排序规则是 {order}，编码是 {}", encoding.unwrap_or_default()),
        "请重新建库：createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8 库名；排序规则不同，列表的先后就与别处不一样",
    ))
}

/// What differs between the tables there and those of the program.
fn strange(connection: &Connection) -> Result<Option<String>> {
    let sql = "SELECT string_agg(table_name || '.' || column_name || ' ' || data_type, ',') FROM information_schema.columns \
               WHERE table_schema = current_schema()";
    let listed = connection.setting(sql)?.unwrap_or_default();
    let found: std::collections::BTreeSet<String> = listed.split(',').map(str::to_owned).collect();
    for Table { name: table, columns, .. } in expected() {
        for (column, kind) in columns {
            if !found.contains(&format!("{table}.{column} {}", kind.to_lowercase())) {
                return Ok(Some(format!("缺少 {table}.{column}，或者它的类型变了")));
            }
        }
    }
    // A rule or a trigger could change every number behind the back of whoever compares rows.
    let sql = "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE n.nspname = current_schema() AND (c.relhasrules OR EXISTS (SELECT 1 FROM pg_trigger t \
               WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)) ORDER BY 1 LIMIT 1";
    Ok(connection.setting(sql)?.map(|table| format!("{table} 上有触发器或者改写规则")))
}

/// Makes a database ready, as its owner: tables, and the rights of the program's role. With `dry`, tells what it would do.
///
/// # Errors
/// P766 for another order of texts; P765 for a newer version; P767 where the role is not there.
pub fn prepare(url: &Url, role: &str, dry: bool) -> Result<Prepared> {
    let held = Target::new(url, Purpose::Writes).connect()?;
    collation(&held, url)?;
    let was = standing(&held)?;
    if let Standing::Newer(version) = was {
        let text = format!("数据库 {url} 的表是更新版本的程序建的（第 {version} 版，本程序认得第 {SCHEMA} 版）");
        return Err(refuse(765, text, "请升级程序；数据没有改动"));
    }
    let named = !role.is_empty() && role.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !named || held.setting(&format!("SELECT 1 FROM pg_roles WHERE rolname = '{role}'"))?.is_none() {
        return Err(refuse(
            767,
            format!("数据库里没有用户“{role}”"),
            "请先建一个普通用户给程序用：createuser --pwprompt 用户名（只用字母、数字、下划线），再用 --role 写它的名字",
        ));
    }
    let statements = format!("{}{ALL_TOWNS}{}", made(was), grants(role));
    if dry {
        return Ok(Prepared { was, statements });
    }
    held.batch(VERSION)?;
    held.batch(&format!(
        "INSERT INTO yifa_schema (version, began_at) VALUES ({SCHEMA}, now()) ON CONFLICT (version) DO NOTHING"
    ))?;
    // All of it or nothing; whoever looks meanwhile sees that it began.
    held.batch(&format!(
        "BEGIN; {statements} UPDATE yifa_schema SET ended_at = now() WHERE version = {SCHEMA} AND ended_at IS NULL; COMMIT;"
    ))?;
    Ok(Prepared { was, statements })
}

/// What makes the tables out of what stands there.
fn made(was: Standing) -> String {
    match was {
        Standing::Ready | Standing::Newer(_) => String::new(),
        Standing::Older(version) => upgrade::from(version),
        // A version that began and did not end has left nothing: its statements are one transaction.
        Standing::Half(version) if version > 1 => upgrade::from(version - 1),
        Standing::Empty | Standing::Half(_) => [JOURNAL, PEOPLE, search::CREATE].concat(),
    }
}

/// The rights of the program: to add to the journal, and to keep what is derived.
fn grants(role: &str) -> String {
    let mut text = format!("\nGRANT USAGE ON SCHEMA public TO {role};\nGRANT SELECT ON yifa_schema TO {role};\n");
    for Table { name: table, .. } in expected() {
        let rights = if ADDED_TO.contains(&table) { "SELECT, INSERT" } else { "SELECT, INSERT, UPDATE, DELETE" };
        text.push_str(&format!("REVOKE ALL ON {table} FROM PUBLIC, {role};\nGRANT {rights} ON {table} TO {role};\n"));
    }
    text
}
