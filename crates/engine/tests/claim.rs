//! Claims, sentence by sentence: the cases are data, in `claim_cases.txt`.

use engine::claim::{self, Claim, Period, Qualifier};

/// A claim in the words of the case file.
fn shown(claim: &Claim) -> String {
    let mark = match claim.qualifier {
        Qualifier::AtLeast => " +",
        Qualifier::UpTo => " -",
        Qualifier::About => " ~",
        Qualifier::Exact | Qualifier::Percent => "",
    };
    let period = match claim.period {
        Period::Previous => " <",
        Period::Change => " Δ",
        Period::Current => "",
    };
    format!("{}={} {}{mark}{period}", claim.text, claim.value, claim.unit)
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_case_gives_the_claims_beside_it() {
    let mut wrong = Vec::new();
    let mut cases = 0;
    for line in include_str!("claim_cases.txt").lines() {
        let Some((text, wanted)) = line.split_once('⇒').filter(|_| !line.starts_with('#')) else {
            continue;
        };
        cases += 1;
        let text = &text.trim().replace('¶', "条").replace('⏎', "\n");
        let found = claim::find(text).iter().map(shown).collect::<Vec<_>>();
        let found = words(&found.join("; "));
        if found != words(wanted) {
            wrong.push(format!("{}\n  wanted {}\n  found  {found}", text.trim(), words(wanted)));
        }
    }
    assert!(cases >= 150, "{cases} cases");
    assert!(wrong.is_empty(), "{} of {cases}\n{}", wrong.len(), wrong.join("\n"));
}
