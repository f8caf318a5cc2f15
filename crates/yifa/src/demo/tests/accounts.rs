//! Who signs in to the demonstration has been granted exactly what the login name says.

use std::collections::BTreeSet;

use engine::definition::ROLES;

use crate::demo::accounts::ACCOUNTS;

use super::*;
use crate::storage::params;

#[test]
fn every_role_has_an_account_whose_one_grant_is_in_force() {
    let sql = "SELECT body FROM record WHERE town_id = $1 AND register = 'grant' AND state = 'in_force'";
    let bodies = db().rows(sql, params![], |row| row.get::<String>(0)).unwrap();
    let grants: Vec<serde_json::Value> = bodies.iter().map(|body| serde_json::from_str(body).unwrap()).collect();
    let mut roles = BTreeSet::new();
    let mut villages = BTreeSet::new();
    for (login, name) in ACCOUNTS {
        let own: Vec<_> = grants.iter().map(|grant| &grant["give"]).filter(|give| give["name"] == *name).collect();
        let [give] = own[..] else { panic!("{name}: {own:?}") };
        let role = give["role"].as_str().unwrap();
        assert!(login.starts_with(role), "{login}: {role}");
        assert!(give["until"].is_null(), "{name} can still sign in when the demonstration is shown");
        if role == "village" {
            assert!(villages.insert(give["villages"].to_string()), "{login}: a village of its own");
        }
        roles.insert(role);
    }
    assert_eq!(roles, ROLES.iter().map(|(id, _)| *id).collect());
    assert_eq!(villages.len(), 2);
}
