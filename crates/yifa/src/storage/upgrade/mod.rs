//! What makes one version of the tables out of the one before, the same on every engine (升级).

use super::SCHEMA;

/// Each version after the first, and the statements that make it.
const STEPS: [(i64, &str); 1] = [(2, include_str!("2.sql"))];

/// The statements that lead from a version to the one this program knows.
pub fn from(version: i64) -> String {
    let steps = STEPS.iter().filter(|(makes, _)| (version + 1..=SCHEMA).contains(makes));
    steps.map(|(_, statements)| *statements).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_leads_to_the_next() {
        let versions: Vec<i64> = STEPS.iter().map(|(version, _)| *version).collect();
        assert_eq!(versions, (2..=SCHEMA).collect::<Vec<_>>());
        assert_eq!(from(SCHEMA), "");
        assert!(from(1).contains("CREATE TABLE town"));
    }
}
