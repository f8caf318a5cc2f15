//! `yifa account`: the first administrator, and passwords nobody remembers.

use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Subcommand;
use engine::act::{Act, Taken};
use engine::form::{self, Given, Input};
use engine::record::{self, Rules};
use journal::id::Id;
use serde_json::json;

use super::Context;
use crate::accounts::Accounts;
use crate::accounts::account::fits;
use crate::accounts::password::Password;
use crate::ambient::{System, today};
use crate::append::{Draft, NEW, Writer};
use crate::folder::{Folder, console};
use crate::policy::ADMIN;
use crate::query::names::Records;
use crate::query::records::find;
use crate::refused::{Refused, refuse};
use crate::sets::Sets;
use crate::show;

/// 账号：谁能登录网页。授权（谁能看什么、办什么）是登记簿“系统授权”里的记入
#[derive(Subcommand)]
pub enum Account {
    /// 建立第一个系统管理员；口令在键盘上输入，或者从标准输入读一行
    First {
        /// 登录名
        #[arg(long)]
        login: Option<String>,
        /// 姓名
        #[arg(long)]
        name: Option<String>,
        /// 性别：女或者男；“人员”里还没有这个人的，登记时要填
        #[arg(long)]
        sex: Option<String>,
    },
    /// 给登记簿“人员”里的一个人建账号；能看什么、办什么，另在“系统授权”里授予。口令同样从键盘或者标准输入读
    New {
        /// 登录名
        #[arg(long)]
        login: String,
        /// 姓名
        #[arg(long)]
        name: String,
    },
    /// 重设口令：管理员自己也忘了口令的时候用；别处的登录都退出
    Password {
        /// 登录名
        login: String,
    },
    /// 列出账号
    List,
}

impl Account {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let folder = Folder::open(&context.data)?;
        let accounts = Accounts::open(&folder)?;
        match self {
            Account::First { login, name, sex } => {
                if !accounts.is_empty()? {
                    return Err(refuse(
                        808,
                        "已经有账号",
                        "请由系统管理员登录后建立；忘了口令的，运行 yifa account password",
                    ));
                }
                first_at_the_console(&folder, login, name, sex)?;
            }
            Account::New { login, name } => {
                let person = find(&folder.reader()?, "person", &name)?;
                let password = Password::chosen(&asked_password()?, &[&login, &name])?;
                accounts.make(&login, &person, &password, true)?;
                show::line(format!("已给“{name}”建账号 {login}，第一次登录要换口令"))?;
            }
            Account::Password { login } => {
                let all = accounts.all()?;
                let account = all.iter().find(|account| account.login == login);
                let account =
                    account.ok_or_else(|| refuse(230, format!("没有账号“{login}”"), "请用 yifa account list 查看"))?;
                let password = Password::chosen(&asked_password()?, &[&login])?;
                accounts.set_password(&account.id, &password, false)?;
                accounts.end_all(&account.id, "")?;
                show::line(format!("“{login}”的口令已经重设，以前的登录都已退出"))?;
            }
            Account::List => {
                let all = accounts.all()?;
                if context.json {
                    let one = |account: &crate::accounts::account::Account| json!({ "login": account.login, "person": account.person, "closed": account.closed_at.is_some() });
                    show::json(&all.iter().map(one).collect::<Vec<_>>())?;
                    return Ok(ExitCode::SUCCESS);
                }
                for account in all {
                    let closed = if account.closed_at.is_some() { "（已停用）" } else { "" };
                    show::line(format!("{}{closed}", account.login))?;
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Makes the first administrator: the person, the grant and the account.
pub fn first_at_the_console(
    folder: &Folder,
    login: Option<String>,
    name: Option<String>,
    sex: Option<String>,
) -> Result<()> {
    let login = login.map_or_else(|| asked("第一个系统管理员的登录名"), Ok)?;
    // Before anything is written: an entry stays, and the account it is for could not be made.
    fits(&login)?;
    let name = name.map_or_else(|| asked("姓名"), Ok)?;
    let known = find(&folder.reader()?, "person", &name).ok();
    let sex = match (&known, sex) {
        (Some(_), _) => String::new(),
        (None, Some(sex)) => sex,
        (None, None) => asked("性别（女或者男）")?,
    };
    let password = Password::chosen(&asked_password()?, &[&login, &name])?;
    let held = folder.clone();
    let writer = Writer::start(held, Box::new(System))?;
    let on = today().to_string();
    let person = match known {
        Some(person) => person,
        None => {
            let given = [("on", on.as_str()), ("name", &name), ("kinds", "official"), ("sex", &sex)];
            append(folder, &writer, "person", "enter", &given)?
        }
    };
    let reason = "建立第一个系统管理员";
    append(folder, &writer, "grant", "give", &[("on", &on), ("person", &person), ("role", ADMIN), ("reason", reason)])?;
    writer.stop()?;
    Accounts::open(folder)?.make(&login, &person, &password, false)?;
    show::line(format!("已建立系统管理员“{name}”，登录名 {login}。系统管理员只管账号和授权，不看案卷。"))
}

/// Takes a step that opens a record; returns the record.
fn append(folder: &Folder, writer: &Writer, register: &str, step: &str, given: &[(&str, &str)]) -> Result<String> {
    let db = folder.reader()?;
    let sets = Sets::load(&db)?;
    let current = sets.current()?;
    let register = current.set.register(register).with_context(|| format!("the set has no register {register}"))?;
    let defined = register.step(step).with_context(|| format!("no step {step}"))?;
    let rules = Rules { register, figures: &[], calendar: &current.set.calendar };
    let (course, _) = record::walk(rules, &[]);
    let given: Given = given.iter().map(|(key, text)| ((*key).to_owned(), Input::Text((*text).to_owned()))).collect();
    let lookup = Records { db: &db, set: &current.set, files: folder.files(), dry_run: false };
    let filled = form::fill(defined, &given, &course, &lookup)
        .map_err(|found| Refused(found.into_iter().map(|(_, problem)| problem).collect()))?;
    let taken = Taken {
        register: register.id.value.clone(),
        record: NEW.to_owned(),
        step: step.to_owned(),
        fields: filled.fields,
        sizes: filled.sizes,
        ..Taken::default()
    };
    let actor: Id = console(&folder.config)?;
    let draft = Draft { id: None, actor, act: Act::Step(taken), sealed: filled.sealed, based_on: None };
    let receipts = writer.append(vec![draft])?;
    Ok(receipts[0].record.clone())
}

/// A line from the keyboard.
fn asked(what: &str) -> Result<String> {
    if std::io::stdin().is_terminal() {
        print!("{what}：");
        std::io::stdout().flush()?;
    }
    line().with_context(|| format!("read {what}"))
}

/// A password: twice and unseen at the keyboard, once from a pipe.
fn asked_password() -> Result<String> {
    if !std::io::stdin().is_terminal() {
        return line();
    }
    let first = rpassword::prompt_password("口令（不显示）：")?;
    let again = rpassword::prompt_password("再输一遍：")?;
    if first != again {
        return Err(refuse(804, "两遍口令不一样", "请重新运行，再输一次"));
    }
    Ok(first)
}

fn line() -> Result<String> {
    let mut text = String::new();
    std::io::stdin().lock().read_line(&mut text)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
