//! Roots and proofs of the tree, against another hand.

use crate::world::{hashes, memory_tree};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use journal::audit::{check_consistency, check_inclusion, prove_consistency, prove_inclusion};
use journal::hash::Hash;
use journal::tree::{Frontier, MemoryTree, root, root_at};
use proptest::prelude::*;
use sha2::Sha256;

type Oracle = MemoryBackedTree<Sha256, Vec<u8>>;

fn oracle(size: u64) -> Oracle {
    let mut tree = Oracle::new();
    for nth in 0..size {
        tree.push(nth.to_le_bytes().to_vec());
    }
    tree
}

fn bytes(proof: &[Hash]) -> Vec<u8> {
    proof.iter().flat_map(|hash| hash.0).collect()
}

/// Every proof another hand makes is made and accepted here, byte for byte.
fn check(tree: &mut MemoryTree, leaves: &[Hash], size: u64, indexes: &[u64], earlier: &[u64]) {
    let oracle = oracle(size);
    let root = root_at(tree, size).unwrap();
    assert_eq!(root.0[..], oracle.root().as_bytes()[..], "root of {size}");
    for &index in indexes {
        let proof = prove_inclusion(tree, index, size).unwrap();
        let theirs = oracle.prove_inclusion(index as usize);
        assert_eq!(bytes(&proof), theirs.as_bytes(), "entry {index} of {size}");
        check_inclusion(&proof, index, &leaves[index as usize], size, &root).unwrap();
    }
    for &old in earlier {
        let proof = prove_consistency(tree, old, size).unwrap();
        let theirs = oracle.prove_consistency((size - old) as usize);
        assert_eq!(bytes(&proof), theirs.as_bytes(), "{old} to {size}");
        let old_root = root_at(tree, old).unwrap();
        check_consistency(&proof, old, &old_root, size, &root).unwrap();
    }
}

#[test]
fn roots_and_proofs_agree_with_another_hand() {
    let leaves = hashes(5_000);
    let mut tree = memory_tree(&leaves);
    for size in 1..=70 {
        let all: Vec<u64> = (0..size).collect();
        check(&mut tree, &leaves, size, &all, &all[1..]);
    }
    for size in [127, 128, 129, 255, 256, 257, 300, 511, 512, 513, 600] {
        let some: Vec<u64> = (1..size).step_by(7).collect();
        check(&mut tree, &leaves, size, &some, &some);
    }
    check(&mut tree, &leaves, 4_999, &[0, 1, 4095, 4096, 4998], &[1, 255, 4096, 4097, 4998]);
}

#[test]
fn the_frontier_has_the_root_of_every_size_and_survives_storing() {
    let leaves = hashes(700);
    let mut tree = memory_tree(&leaves);
    let mut frontier = Frontier::new();
    for (size, leaf) in (0..).zip(&leaves) {
        assert_eq!(frontier.root(), root_at(&mut tree, size).unwrap(), "{size}");
        assert_eq!(root(leaves[..size as usize].iter().copied()), frontier.root());
        frontier = Frontier::from_bytes(&frontier.to_bytes()).unwrap();
        assert_eq!(frontier.size(), size);
        frontier.push(*leaf);
    }
    let stored = frontier.to_bytes();
    for wrong in [&stored[..stored.len() - 1], &stored[..7], &stored[..40], &[]] {
        assert!(Frontier::from_bytes(wrong).is_err());
    }
}

#[test]
fn proofs_of_what_is_not_there_are_refused() {
    let leaves = hashes(20);
    let mut tree = memory_tree(&leaves);
    let root = root_at(&mut tree, 20).unwrap();
    assert!(prove_inclusion(&mut tree, 20, 20).is_err());
    assert!(prove_inclusion(&mut tree, 3, 21).is_err());
    assert!(prove_consistency(&mut tree, 9, 8).is_err());
    assert!(prove_consistency(&mut tree, 9, 21).is_err());
    let proof = prove_inclusion(&mut tree, 3, 20).unwrap();
    let leaf = &leaves[3];
    let refused = |proof: &[Hash], index, leaf: &Hash, size, expect: &str| {
        let fault = check_inclusion(proof, index, leaf, size, &root).unwrap_err();
        assert!(fault.to_string().contains(expect), "{fault}");
    };
    refused(&proof, 20, leaf, 20, "not in a tree of 20");
    refused(&proof, 4, leaf, 20, "leads to");
    refused(&proof, 3, &leaves[4], 20, "leads to");
    refused(&proof, 3, leaf, 16, "length");
    refused(&proof[1..], 3, leaf, 20, "length");
    refused(&[&proof[..], &proof[..1]].concat(), 3, leaf, 20, "length");
    for at in 0..proof.len() {
        let mut forged = proof.clone();
        forged[at].0[31] ^= 1;
        refused(&forged, 3, leaf, 20, "leads to");
    }
}

#[test]
fn a_tree_that_did_not_grow_from_another_is_refused() {
    let leaves = hashes(40);
    let mut tree = memory_tree(&leaves);
    for earlier in 0..=40 {
        let old = root_at(&mut tree, earlier).unwrap();
        let new = root_at(&mut tree, 40).unwrap();
        let proof = prove_consistency(&mut tree, earlier, 40).unwrap();
        let fits = |proof: &[Hash], old: &Hash, new: &Hash| check_consistency(proof, earlier, old, 40, new).is_ok();
        assert!(fits(&proof, &old, &new), "{earlier}");
        let other = Hash([1; 32]);
        assert!(!fits(&proof, &other, &new), "{earlier}");
        assert!(earlier == 0 || !fits(&proof, &old, &other), "{earlier}");
        assert!(!fits(&[&proof[..], &[other]].concat(), &old, &new), "{earlier}");
        assert!(proof.is_empty() || !fits(&proof[1..], &old, &new), "{earlier}");
        for at in 0..proof.len() {
            let mut forged = proof.clone();
            forged[at].0[0] ^= 0x80;
            assert!(!fits(&forged, &old, &new), "{earlier}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn random_sizes_agree_with_another_hand(size in 600u64..5_000, a: u64, b: u64) {
        let leaves = hashes(size);
        check(&mut memory_tree(&leaves), &leaves, size, &[a % size], &[1 + b % (size - 1)]);
    }

    #[test]
    fn random_hashes_prove_nothing(
        proof in prop::collection::vec(any::<[u8; 32]>(), 0..70), index: u64, size: u64, old: u64,
    ) {
        let proof: Vec<Hash> = proof.into_iter().map(Hash).collect();
        let (leaf, root) = (Hash([1; 32]), Hash([2; 32]));
        prop_assert!(check_inclusion(&proof, index, &leaf, size, &root).is_err());
        prop_assert!(check_consistency(&proof, old, &leaf, size, &root).is_err());
    }
}
