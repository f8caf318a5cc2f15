//! Who signs in to the demonstration: one person for each role, two for the villages (授权).
//!
//! What each may do is a grant in the journal; only the login names are here.

/// Login name and the person who has it: the first column of the sheets, which is the name in the register.
pub const ACCOUNTS: &[(&str, &str)] = &[
    ("clerk", "叶知秋"),
    ("leader", "何清源"),
    ("reviewer", "钟若谷"),
    ("mediator", "廖德厚"),
    ("adviser", "沈怀瑾"),
    ("village_a", "刘春华"),
    ("village_b", "黄文昌"),
    ("inspector", "郑长河"),
    ("admin", "曾远帆"),
];
