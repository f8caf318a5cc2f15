//! Who may do what (权限): one set of rules for every door, asked with somebody and with what he is about to do.
//!
//! Somebody acts under grants: a role, for the whole township or for some villages. What a role may do is said by the
//! definitions (`read` of a register, `by` of a step); which records a village may see, by the villages they touch.
//!
//! On the command line nobody signs in: whoever looks says in which role, and without a word looks as a clerk. That keeps
//! what only the leaders read off the screens of those who did not ask for it; it is no lock, for whoever sits at the
//! machine has its files.

use std::collections::BTreeSet;

use engine::definition::{FieldType, ROLES, Register, Step};

use crate::refused::refuse;

/// The role in which somebody looks who says nothing.
pub const USUAL: &str = "clerk";
/// The role that keeps accounts and sees no case.
pub const ADMIN: &str = "admin";
/// The role that answers for what was done outside the system.
const LEADER: &str = "leader";
/// The roles that read and write nothing, unless a step names them.
const READERS: [&str; 2] = ["inspector", ADMIN];

/// The roles that watch over how the others deal with what is personal.
const WATCHERS: [&str; 2] = ["leader", "inspector"];

/// A role somebody holds, and for which villages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role's id.
    pub role: String,
    /// The villages' records it is limited to; absent: the whole township.
    pub villages: Option<BTreeSet<String>>,
}

/// Somebody, with all he was granted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// The record of the person; empty where nobody signed in.
    pub person: String,
    /// His grants in force today.
    pub grants: Vec<Grant>,
}

/// Which records of a register somebody sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All.
    All,
    /// Those that touch one of these villages; of none, none.
    Villages(BTreeSet<String>),
}

impl Scope {
    /// Whether a record that touches these villages is in it.
    pub fn covers(&self, touched: &[String]) -> bool {
        match self {
            Scope::All => true,
            Scope::Villages(villages) => touched.iter().any(|village| villages.contains(village)),
        }
    }

    /// Whether whatever a record touches is in it: what is shared with other villages is not.
    pub fn covers_all(&self, touched: &[String]) -> bool {
        match self {
            Scope::All => true,
            Scope::Villages(villages) => {
                !touched.is_empty() && touched.iter().all(|village| villages.contains(village))
            }
        }
    }

    /// The villages it is limited to, if it is.
    pub fn villages(&self) -> Option<Vec<String>> {
        match self {
            Scope::All => None,
            Scope::Villages(villages) => Some(villages.iter().cloned().collect()),
        }
    }
}

impl Who {
    /// Somebody in one role for the whole township.
    pub fn in_role(role: &str) -> Who {
        Who { person: String::new(), grants: vec![Grant { role: role.to_owned(), villages: None }] }
    }

    /// Whether he holds a role, wherever.
    pub fn is(&self, role: &str) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// Whether he keeps accounts.
    pub fn administers(&self) -> bool {
        self.is(ADMIN)
    }

    /// Whether he has to do with the township's matters at all: an administrator has not.
    pub fn works(&self) -> bool {
        self.grants.iter().any(|grant| grant.role != ADMIN)
    }

    /// Whether all his work is for the whole township; else what adds the township up is not his to see.
    pub fn sees_township(&self) -> bool {
        self.grants.iter().any(|grant| grant.role != ADMIN && grant.villages.is_none())
    }

    /// The villages his work is limited to, where it is.
    pub fn villages(&self) -> Option<BTreeSet<String>> {
        match self.sees_township() {
            true => None,
            false => Some(self.grants.iter().flat_map(|grant| grant.villages.iter().flatten().cloned()).collect()),
        }
    }

    /// Whether he may read a register at all.
    pub fn may_read(&self, register: &Register) -> bool {
        self.grants.iter().any(|grant| reads(&grant.role, register))
    }

    /// Whether he may look at the journal as a whole: how long it is, what was signed, whether it verifies. That is about
    /// the whole township and about no case.
    pub fn may_verify(&self) -> bool {
        self.sees_township() || self.administers()
    }

    /// Whether he may look at the townships below a county: whoever leads or inspects the whole county.
    pub fn may_look_below(&self) -> bool {
        self.holds_for_township(&["leader", "inspector"])
    }

    /// Whether he may take the journal away: it holds times, people and kinds of steps.
    pub fn may_export_journal(&self) -> bool {
        self.holds_for_township(&["clerk", "leader", "inspector"])
    }

    /// Whether he may read who came in and who looked at what.
    pub fn may_read_accesses(&self) -> bool {
        self.holds_for_township(&[ADMIN, "inspector"])
    }

    fn holds_for_township(&self, roles: &[&str]) -> bool {
        self.grants.iter().any(|grant| grant.villages.is_none() && roles.contains(&grant.role.as_str()))
    }

    /// Which records of a register he sees.
    pub fn scope(&self, register: &Register) -> Scope {
        scope(self.grants.iter().filter(|grant| reads(&grant.role, register)), register)
    }

    /// Whether he sees a record that touches these villages.
    pub fn may_see(&self, register: &Register, touched: &[String]) -> bool {
        self.scope(register).covers(touched)
    }

    /// Of which records somebody may be told a figure that counts some registers; absent: it is not his to know, for he
    /// may not read one of them. What is counted over the whole township tells nothing to whoever works for some
    /// villages, even where he may read it. A figure of no register counts of all.
    pub fn may_count<'r>(&self, registers: impl IntoIterator<Item = Option<&'r Register>>) -> Option<Scope> {
        let mut common: Option<BTreeSet<String>> = None;
        for register in registers {
            let scope = match register {
                Some(register) if !self.may_read(register) => return None,
                Some(register) => self.scope(register),
                None => Scope::All,
            };
            common = match (scope, common) {
                (Scope::All, _) if !self.sees_township() => return None,
                (Scope::All, common) => common,
                (Scope::Villages(villages), None) => Some(villages),
                (Scope::Villages(villages), Some(common)) => Some(common.intersection(&villages).cloned().collect()),
            };
        }
        match common {
            Some(villages) => (!villages.is_empty()).then_some(Scope::Villages(villages)),
            None => self.sees_township().then_some(Scope::All),
        }
    }

    /// Whether he may take a step on some record of a register.
    pub fn may_take_somewhere(&self, register: &Register, step: &Step) -> bool {
        self.grants.iter().any(|grant| takes(&grant.role, register, step))
    }

    /// Whether he may take a step on a record that touches these villages. What has to be seen for it has to be his to
    /// see.
    pub fn may_take(&self, register: &Register, step: &Step, touched: &[String]) -> bool {
        let takers = self.grants.iter().filter(|grant| takes(&grant.role, register, step));
        self.may_see(register, touched) && scope(takers, register).covers(touched)
    }

    /// On which records he may take a step: the villages it may touch, where he is limited to some.
    pub fn takes_in(&self, register: &Register, step: &Step) -> Scope {
        scope(self.grants.iter().filter(|grant| takes(&grant.role, register, step)), register)
    }

    /// Whether he may enter an act of the township that was done outside the system: a leader answers for that, whoever
    /// takes the step otherwise.
    pub fn may_enter_outside(&self, register: &Register, step: &Step, touched: &[String]) -> bool {
        let leads = self.grants.iter().filter(|grant| grant.role == LEADER && reads(&grant.role, register));
        step.ours && scope(leads, register).covers(touched)
    }

    /// Whether he may add something to a record that is no step of its register: a link, a file, an answer.
    pub fn may_amend(&self, register: &Register, touched: &[String]) -> bool {
        register.steps.iter().any(|step| self.may_take(register, step, touched))
    }

    /// Whether he may correct or void what was recorded in a step: on a record of several villages that is no single
    /// one's to do, for it changes what the others see and count.
    pub fn may_mend(&self, register: &Register, step: &Step, touched: &[String]) -> bool {
        let takers = self.grants.iter().filter(|grant| takes(&grant.role, register, step));
        self.may_see(register, touched) && scope(takers, register).covers_all(touched)
    }

    /// Whether he may void a record.
    pub fn may_void(&self, register: &Register, touched: &[String]) -> bool {
        register.steps.iter().any(|step| self.may_mend(register, step, touched))
    }

    /// Whether he may see who looked at the personal values of a record, and why: whoever may look himself, whoever
    /// answers for it, and whoever inspects.
    pub fn may_see_lookers(&self, register: &Register, touched: &[String]) -> bool {
        let watches = self.grants.iter().filter(|grant| WATCHERS.contains(&grant.role.as_str()));
        let looks = register.steps.iter().any(|step| self.may_unmask(register, step, touched));
        looks || (self.may_see(register, touched) && scope(watches, register).covers(touched))
    }

    /// Whether he may look at a personal value of a step: whoever may write it, on that record.
    pub fn may_unmask(&self, register: &Register, step: &Step, touched: &[String]) -> bool {
        self.may_take(register, step, touched)
    }

    /// Whether he may look at some personal value of a register.
    pub fn may_unmask_somewhere(&self, register: &Register) -> bool {
        let mut steps = register.steps.iter().filter(|step| step.fields.iter().any(|field| field.personal));
        self.may_read(register) && steps.any(|step| self.may_take_somewhere(register, step))
    }

    /// Whether he may hand in a table for a register: there is a step he may take or enter. What stands in the table is
    /// asked of step by step.
    pub fn may_import(&self, register: &Register) -> bool {
        let may = |step| self.may_take_somewhere(register, step) || self.may_enter_outside(register, step, &[]);
        // What a finding asks is answered on the page that shows it.
        let asks = |step: &Step| step.fields.iter().any(|field| field.kind == FieldType::Finding);
        self.may_read(register) && register.steps.iter().any(may) && !register.steps.iter().any(asks)
    }
}

fn reads(role: &str, register: &Register) -> bool {
    register.read.iter().any(|reader| reader.value == role)
}

fn takes(role: &str, register: &Register, step: &Step) -> bool {
    match step.by.is_empty() {
        true => writers(register).contains(&role),
        false => step.by.iter().any(|by| by.value == role),
    }
}

/// The roles that take the steps of a register that name nobody: its readers who may write.
pub fn writers(register: &Register) -> Vec<&str> {
    register.read.iter().map(|role| role.value.as_str()).filter(|role| !READERS.contains(role)).collect()
}

/// What some grants let somebody reach of a register.
fn scope<'g>(grants: impl Iterator<Item = &'g Grant>, register: &Register) -> Scope {
    let mut villages = BTreeSet::new();
    for grant in grants {
        match &grant.villages {
            Some(some) if register.village_scope => villages.extend(some.iter().cloned()),
            _ => return Scope::All,
        }
    }
    Scope::Villages(villages)
}

/// Nothing, or the refusal that says who may read it and how to say so on the command line.
pub fn need_to_read(role: &str, register: &Register) -> anyhow::Result<()> {
    if reads(role, register) {
        return Ok(());
    }
    let readers: Vec<&str> = register.read.iter().map(|reader| title(&reader.value)).collect();
    let first = register.read.first().map_or(USUAL, |reader| reader.value.as_str());
    let text = format!("“{}”只供{}查看，您以{}的角色查看", register.title, readers.join("、"), title(role));
    Err(refuse(233, text, format!("确有这个角色的，请写 --role {first}")))
}

/// Whether a role may read the records of a register.
pub fn may_read(role: &str, register: &Register) -> bool {
    reads(role, register)
}

/// That there is more which whoever looks may not read.
pub fn withheld(count: usize, unit: &str) -> Option<String> {
    (count > 0).then(|| format!("另有 {count} {unit}在您的角色不能查看的登记簿里；确有别的角色的，请写 --role"))
}

/// What people call a role.
pub fn title(role: &str) -> &str {
    ROLES.iter().find(|(id, _)| *id == role).map_or(role, |(_, title)| title)
}

/// A role as it is said on the command line: its id or what people call it.
pub fn parse(text: &str) -> Result<String, String> {
    let found = ROLES.iter().find(|(id, title)| text == *id || text == *title);
    let known: Vec<String> = ROLES.iter().map(|(id, title)| format!("{id}（{title}）")).collect();
    found.map(|(id, _)| (*id).to_owned()).ok_or_else(|| format!("请写：{}", known.join("、")))
}
