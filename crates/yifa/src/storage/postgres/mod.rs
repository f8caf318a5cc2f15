//! PostgreSQL: what is specific to this engine and nothing else.
//!
//! The protocol lets statements go out before the last is answered. Within a transaction a statement whose count nobody
//! asks for waits until something is asked, and goes out before it, all in one packet: a step of thirty rows waits for the
//! network a few times and not thirty.

mod pool;
mod rows;
mod search;
mod server;
mod url;
mod wire;

use std::cell::{Cell as Counter, RefCell};
use std::collections::{HashMap, VecDeque};
use std::error::Error as _;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures_util::future::try_join_all;
use futures_util::stream::{ReadyChunks, StreamExt, TryStreamExt};
use tokio::runtime::Runtime;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row as PgRow, RowStream, SimpleQueryMessage, Statement};

use super::{Kind, Question, Row, Value};
pub use pool::{Held, Purpose, Target};
use rows::{Waiting, Write};
pub use server::{Prepared, Standing, check, expected, prepare};
pub use url::Url;
use wire::{given, given_as, type_of};

/// The disk of the server is at fault: full, failing.
pub(super) const DISK: [&str; 2] = ["53100", "58030"];
/// Files of the server are damaged.
pub(super) const DAMAGED: [&str; 2] = ["XX001", "XX002"];
/// The server is going, gone, or not the one that takes what is written; or it gave up one of two that waited for each
/// other. What was not committed is taken back, and may be done again.
const PASSING: [&str; 9] = ["57P01", "57P02", "57P03", "08000", "08003", "08006", "25006", "40001", "40P01"];

/// Whether the server refused with one of these codes (S10: never by the name of a constraint).
pub(super) fn has_state(error: &anyhow::Error, states: &[&str]) -> bool {
    let code = |cause: &(dyn std::error::Error + 'static)| {
        Some(cause.downcast_ref::<tokio_postgres::Error>()?.code()?.code().to_owned())
    };
    error.chain().filter_map(code).any(|code| states.contains(&code.as_str()))
}

/// Whether the disk of the server is full.
pub fn is_full(error: &anyhow::Error) -> bool {
    has_state(error, &DISK[..1])
}

/// Whether the connection is lost, or the server on its way elsewhere: the same may be tried again on another one.
pub fn is_passing(error: &anyhow::Error) -> bool {
    let lost = |cause: &(dyn std::error::Error + 'static)| {
        let Some(error) = cause.downcast_ref::<tokio_postgres::Error>() else { return false };
        // A connection that could not be made or broke has no word from the server, but one from the machine.
        error.is_closed()
            || error.code().is_none() && error.source().is_some_and(|source| source.is::<std::io::Error>())
    };
    has_state(error, &PASSING) || error.chain().any(lost) || error.downcast_ref::<pool::Unreached>().is_some()
}

/// Rows that are being read; what is asked meanwhile first takes in the rest of them.
struct Reading {
    stream: Option<Pin<Box<ReadyChunks<RowStream>>>>,
    kept: VecDeque<PgRow>,
}

/// A statement as it was prepared for values of these types.
type Known = (Vec<Kind>, Statement);

/// How far a transaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    /// None is open.
    None,
    /// One is open.
    Open,
    /// One is open that can only be given up.
    Failed,
}

/// Rows taken over at a time.
const CHUNK: usize = 256;
/// Statements kept prepared; beyond that all are forgotten.
const PREPARED: usize = 600;

/// A connection.
pub struct Connection {
    runtime: Runtime,
    client: Client,
    prepared: RefCell<HashMap<Arc<str>, Vec<Known>>>,
    waiting: RefCell<Vec<Waiting>>,
    readings: RefCell<Vec<Reading>>,
    stand: Counter<Stand>,
    written: Counter<u64>,
    patience: Duration,
    /// It was waited for in vain.
    silent: Counter<bool>,
}

impl Connection {
    fn new(runtime: Runtime, client: Client, patience: Duration) -> Connection {
        Connection {
            runtime,
            client,
            prepared: RefCell::default(),
            waiting: RefCell::default(),
            readings: RefCell::default(),
            stand: Counter::new(Stand::None),
            written: Counter::new(0),
            patience,
            silent: Counter::new(false),
        }
    }

    /// Waits for an answer, and no longer than this connection's patience: a server that was paused or cut off keeps its end
    /// of the line open for ever. What it was asked may still be done, so the connection is of no more use.
    fn wait<T>(&self, answer: impl Future<Output = T>) -> Result<T> {
        let answered = self.runtime.block_on(async { tokio::time::timeout(self.patience, answer).await });
        answered.map_err(|_| {
            self.silent.set(true);
            self.stand.set(Stand::Failed);
            pool::Unreached::silent(self.patience).into()
        })
    }

    fn is_lost(&self) -> bool {
        self.silent.get() || self.client.is_closed()
    }

    /// Whether a transaction is open that can still be committed.
    pub fn in_transaction(&self) -> bool {
        self.stand.get() == Stand::Open
    }

    /// How many statements that write were ever sent.
    pub fn written(&self) -> u64 {
        self.written.get()
    }

    /// Whether it is as it was when it was made: nothing open, nothing waiting.
    fn is_idle(&self) -> bool {
        self.stand.get() == Stand::None && self.waiting.borrow().is_empty() && !self.is_lost()
    }

    /// A statement within a transaction waits for the next question; elsewhere it is run.
    pub fn run(&self, sql: &str, town: i64, params: &[Value<'_>]) -> Result<()> {
        if self.stand.get() == Stand::None {
            return self.count(sql, town, params).map(drop);
        }
        let (sql, statement) = self.known(sql, params)?;
        self.written.set(self.written.get() + 1);
        let given = std::iter::once(Value::Int(town)).chain(params.iter().cloned().map(Value::into_owned)).collect();
        self.waiting.borrow_mut().push(Waiting::Write(Write { sql, statement, rows: vec![given] }));
        Ok(())
    }

    /// Runs a statement; returns how many rows it touched.
    pub fn count(&self, sql: &str, town: i64, params: &[Value<'_>]) -> Result<usize> {
        let statement = self.statement(sql, params)?;
        self.written.set(self.written.get() + 1);
        let town = Value::Int(town);
        let given = given(&town, params);
        let count = self.sending(|| self.client.execute_raw(&statement, given))?;
        Ok(count as usize)
    }

    /// Rows one at a time; what is read may ask more of this connection.
    pub fn each(
        &self,
        sql: &str,
        town: i64,
        params: &[Value<'_>],
        read: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let statement = self.statement(sql, params).with_context(|| sql.to_owned())?;
        let town = Value::Int(town);
        let given = given(&town, params);
        let asked = self.sending(|| self.client.query_raw(&statement, given));
        let stream = asked.with_context(|| sql.to_owned())?;
        let reading = Reading { stream: Some(Box::pin(stream.ready_chunks(CHUNK))), kept: VecDeque::new() };
        let depth = self.readings.borrow().len();
        self.readings.borrow_mut().push(reading);
        let ended = (|| {
            while let Some(row) = self.next(depth).with_context(|| sql.to_owned())? {
                read(&Row::Postgres(&row))?;
            }
            Ok(())
        })();
        self.readings.borrow_mut().truncate(depth);
        ended
    }

    /// Rows of several queries, all asked before the first is answered.
    pub fn several(
        &self,
        town: i64,
        asked: &[Question<'_>],
        read: &mut dyn FnMut(usize, &Row<'_>) -> Result<()>,
    ) -> Result<()> {
        if asked.is_empty() {
            return Ok(());
        }
        let statements = asked.iter().map(|(sql, params)| self.statement(sql, params)).collect::<Result<Vec<_>>>()?;
        let town = Value::Int(town);
        let (client, town) = (&self.client, &town);
        let rows = |statement, params| async move {
            client.query_raw(statement, given(town, params)).await?.try_collect::<Vec<PgRow>>().await
        };
        let asked = statements.iter().zip(asked);
        let answers = self.sending(|| try_join_all(asked.map(|(statement, (_, params))| rows(statement, params))))?;
        for (nth, rows) in answers.iter().enumerate() {
            rows.iter().try_for_each(|row| read(nth, &Row::Postgres(row)))?;
        }
        Ok(())
    }

    fn next(&self, depth: usize) -> Result<Option<PgRow>> {
        let mut readings = self.readings.borrow_mut();
        let reading = &mut readings[depth];
        if let Some(row) = reading.kept.pop_front() {
            return Ok(Some(row));
        }
        let Some(stream) = &mut reading.stream else { return Ok(None) };
        match self.wait(stream.next())? {
            Some(rows) => {
                for row in rows {
                    reading.kept.push_back(self.told(row)?);
                }
            }
            None => reading.stream = None,
        }
        Ok(reading.kept.pop_front())
    }

    /// Takes in what is still on its way: the server answers in turn.
    fn settle(&self) -> Result<()> {
        for reading in self.readings.borrow_mut().iter_mut() {
            let Some(mut stream) = reading.stream.take() else { continue };
            while let Some(rows) = self.wait(stream.next())? {
                for row in rows {
                    reading.kept.push_back(self.told(row)?);
                }
            }
        }
        Ok(())
    }

    /// Rows one at a time until one is enough, which is seldom the last: the server makes them a few at a time.
    pub fn until(
        &self,
        sql: &str,
        town: i64,
        params: &[Value<'_>],
        read: &mut dyn FnMut(&Row<'_>) -> Result<bool>,
    ) -> Result<bool> {
        let cursor = format!("c{}", self.readings.borrow().len());
        self.typed(&format!("DECLARE {cursor} NO SCROLL CURSOR FOR {sql}"), town, params)?;
        let depth = self.readings.borrow().len();
        self.readings.borrow_mut().push(Reading { stream: None, kept: VecDeque::new() });
        let mut size = 32;
        let ended = loop {
            let rows = match self.typed(&format!("FETCH {size} FROM {cursor}"), town, &[]) {
                Ok(rows) => rows,
                Err(error) => break Err(error),
            };
            let last = rows.len() < size;
            let mut going = Ok(true);
            for row in &rows {
                going = read(&Row::Postgres(row));
                if !matches!(going, Ok(true)) {
                    break;
                }
            }
            match going {
                Ok(true) if !last => size = (size * 4).min(4096),
                ended => break ended,
            }
        };
        self.readings.borrow_mut().truncate(depth);
        if self.stand.get() == Stand::Open {
            self.typed(&format!("CLOSE {cursor}"), town, &[])?;
        }
        ended
    }

    /// A statement used once, parsed, bound and run in one go.
    fn typed(&self, sql: &str, town: i64, params: &[Value<'_>]) -> Result<Vec<PgRow>> {
        let town = Value::Int(town);
        // What is only fetched has no parameters.
        let all: Vec<&Value<'_>> = match sql.contains('$') {
            true => std::iter::once(&town).chain(params).collect(),
            false => Vec::new(),
        };
        let given = all.into_iter().map(|value| (given_as(value), type_of(value.kind())));
        let stream = self.sending(|| self.client.query_typed_raw(sql, given)).with_context(|| sql.to_owned())?;
        let rows: Vec<_> = self.wait(stream.collect())?;
        rows.into_iter().map(|row| self.told(row)).collect::<Result<_>>().with_context(|| sql.to_owned())
    }

    /// Begins or ends a transaction.
    pub fn transact(&self, word: &'static str) -> Result<()> {
        if word.starts_with("BEGIN") {
            if self.stand.get() != Stand::None {
                bail!("a transaction within a transaction");
            }
            self.stand.set(Stand::Open);
            self.waiting.borrow_mut().push(Waiting::Word(word));
            return Ok(());
        }
        if word == "COMMIT" {
            let failed = self.stand.get() == Stand::Failed;
            // Nothing was asked since it began.
            let unsent = matches!(&self.waiting.borrow()[..], [Waiting::Word(word)] if word.starts_with("BEGIN"));
            if unsent {
                self.waiting.borrow_mut().clear();
                self.stand.set(Stand::None);
                return Ok(());
            }
            if failed {
                self.roll_back()?;
                bail!("the transaction had failed");
            }
            self.waiting.borrow_mut().push(Waiting::Word(word));
            let ended = self.flush();
            // Whether the server still did it is not known where the connection broke: whoever wrote looks.
            self.stand.set(Stand::None);
            return ended;
        }
        self.waiting.borrow_mut().push(Waiting::Word(word));
        Ok(())
    }

    /// Gives up the transaction, where one is open, and what waits.
    pub fn roll_back(&self) -> Result<()> {
        self.waiting.borrow_mut().clear();
        if self.stand.replace(Stand::None) == Stand::None || self.is_lost() {
            return Ok(());
        }
        self.settle()?;
        Ok(self.wait(self.client.batch_execute("ROLLBACK"))??)
    }

    /// Comes back to the savepoint, and forgets it.
    pub fn return_to_savepoint(&self) -> Result<()> {
        let mut waiting = self.waiting.borrow_mut();
        let unsent = waiting.iter().rposition(|one| matches!(one, Waiting::Word("SAVEPOINT job")));
        if let Some(at) = unsent {
            waiting.truncate(at);
            return Ok(());
        }
        waiting.clear();
        drop(waiting);
        self.settle()?;
        self.wait(self.client.batch_execute("ROLLBACK TO job; RELEASE job"))??;
        self.stand.set(Stand::Open);
        Ok(())
    }

    /// Writes without waiting for the disk.
    pub fn unhurried<T>(&self, write: impl FnOnce() -> Result<T>) -> Result<T> {
        self.transact("BEGIN")?;
        self.waiting.borrow_mut().push(Waiting::Word("SET LOCAL synchronous_commit = off"));
        match write() {
            Ok(written) => self.transact("COMMIT").map(|()| written),
            Err(error) => {
                self.roll_back()?;
                Err(error)
            }
        }
    }

    /// Whether the server still answers.
    fn check(&self) -> Result<()> {
        Ok(self.wait(self.client.check_connection())??)
    }

    /// One value asked in plain text, of settings and the like.
    fn setting(&self, sql: &str) -> Result<Option<String>> {
        let found = self.wait(self.client.simple_query(sql))?.with_context(|| sql.to_owned())?;
        Ok(found.into_iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        }))
    }

    /// Statements without parameters, several at once.
    fn batch(&self, sql: &str) -> Result<()> {
        self.wait(self.client.batch_execute(sql))?.with_context(|| sql.to_owned())
    }

    /// Sends what waits, and waits until all of it is answered.
    fn flush(&self) -> Result<()> {
        self.sending(|| async { Ok(()) })
    }

    /// Sends what waits and then what is asked, and gives the answer to that.
    fn sending<T, F: Future<Output = Result<T, tokio_postgres::Error>>>(&self, ask: impl FnOnce() -> F) -> Result<T> {
        self.settle()?;
        let waiting = rows::together(std::mem::take(&mut *self.waiting.borrow_mut()));
        let client = &self.client;
        // Thought out before anything goes out, where there was no such statement on this connection yet.
        let many = waiting.iter().map(|one| self.many(one)).collect::<Result<Vec<_>>>()?;
        let answered = self.wait(async {
            let mut sent = Vec::with_capacity(waiting.len());
            for (one, many) in waiting.iter().zip(&many) {
                let mut answer: Pin<Box<dyn Future<Output = Result<(), tokio_postgres::Error>>>> = match one {
                    Waiting::Word(word) => Box::pin(client.batch_execute(word)),
                    Waiting::Write(write) => Box::pin(send(client, write, many)),
                };
                // Sent when it is first looked at, in this order.
                match futures_util::poll!(answer.as_mut()) {
                    std::task::Poll::Ready(answer) => answer?,
                    std::task::Poll::Pending => sent.push(answer),
                }
            }
            let mut asked = Box::pin(ask());
            let early = match futures_util::poll!(asked.as_mut()) {
                std::task::Poll::Ready(answer) => Some(answer),
                std::task::Poll::Pending => None,
            };
            // The first that failed says why; the rest then only say that the transaction failed.
            for answer in sent {
                answer.await?;
            }
            match early {
                Some(answer) => answer,
                None => asked.await,
            }
        })?;
        self.told(answered)
    }

    /// What fails within a transaction fails all of it.
    fn told<T>(&self, answer: Result<T, tokio_postgres::Error>) -> Result<T> {
        if answer.is_err() && self.stand.get() == Stand::Open {
            self.stand.set(Stand::Failed);
        }
        Ok(answer?)
    }

    fn statement(&self, sql: &str, params: &[Value<'_>]) -> Result<Statement> {
        self.known(sql, params).map(|(_, statement)| statement)
    }

    fn known(&self, sql: &str, params: &[Value<'_>]) -> Result<(Arc<str>, Statement)> {
        let kinds: Vec<Kind> = params.iter().map(Value::kind).collect();
        if let Some((sql, known)) = self.prepared.borrow().get_key_value(sql)
            && let Some((_, statement)) = known.iter().find(|(known, _)| *known == kinds)
        {
            return Ok((sql.clone(), statement.clone()));
        }
        let types: Vec<Type> = std::iter::once(Kind::Int).chain(kinds.iter().copied()).map(type_of).collect();
        let statement = self.sending(|| self.client.prepare_typed(sql, &types))?;
        Ok((self.keep(sql, kinds, &statement), statement))
    }

    /// The statement for a write of several rows.
    fn many(&self, waiting: &Waiting) -> Result<Option<Statement>> {
        let Waiting::Write(write) = waiting else { return Ok(None) };
        if write.rows.len() == 1 {
            return Ok(None);
        }
        let (sql, types) = rows::many(&write.sql).context("rows that were brought together")?;
        if let Some([(_, statement), ..]) = self.prepared.borrow().get(&*sql).map(Vec::as_slice) {
            return Ok(Some(statement.clone()));
        }
        let prepared = self.wait(self.client.prepare_typed(&sql, &types))?;
        let statement = self.told(prepared).with_context(|| sql.clone())?;
        self.keep(&sql, Vec::new(), &statement);
        Ok(Some(statement))
    }

    fn keep(&self, sql: &str, kinds: Vec<Kind>, statement: &Statement) -> Arc<str> {
        let mut prepared = self.prepared.borrow_mut();
        if prepared.len() >= PREPARED {
            prepared.clear();
        }
        let sql = prepared.get_key_value(sql).map_or_else(|| Arc::from(sql), |(sql, _)| sql.clone());
        prepared.entry(sql.clone()).or_default().push((kinds, statement.clone()));
        sql
    }
}

/// Sends one row as it is, and several as the columns they make.
async fn send(client: &Client, write: &Write, many: &Option<Statement>) -> Result<(), tokio_postgres::Error> {
    let Some(statement) = many else {
        return client.execute_raw(&write.statement, write.rows[0].iter().map(given_as)).await.map(drop);
    };
    let columns: Vec<Vec<&Value<'_>>> =
        (1..write.rows[0].len()).map(|nth| write.rows.iter().map(|row| &row[nth]).collect()).collect();
    let given = columns.iter().map(|column| -> &(dyn ToSql + Sync) { column });
    let all: Vec<&(dyn ToSql + Sync)> = std::iter::once(&write.rows[0][0] as _).chain(given).collect();
    client.execute_raw(statement, all).await.map(drop)
}
