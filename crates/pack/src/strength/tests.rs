use oxus_diag::Sources;
use proptest::prelude::*;

use super::{Claim, LinkPrior, existence, of_claim, of_claims, size_if_exists};
use crate::region::{EvidenceKind, Hedge, Role, SizeWord, Voice};

/// A claim of the authors with the given words.
fn claim(id: &str, hedge: Hedge, evidence: EvidenceKind) -> Claim {
    let span = oxus_diag::Span::new(Sources::new().add("claims/a.toml", ""), 0..0);
    Claim {
        id: id.to_owned(),
        says: "something".to_owned(),
        claimant: "authors".to_owned(),
        voice: Voice::Neutral,
        hedge,
        size: SizeWord::Ordinary,
        evidence,
        extra_sources: 0,
        at: Vec::new(),
        role: Role::Link,
        why: None,
        test: None,
        quantity: None,
        enters: Vec::new(),
        contradicts: Vec::new(),
        span,
    }
}

const COLUMNS: [EvidenceKind; 7] = [
    EvidenceKind::Series,
    EvidenceKind::TwoIndependent,
    EvidenceKind::Episode,
    EvidenceKind::OneNamed,
    EvidenceKind::NoNote,
    EvidenceKind::OneUnnamed,
    EvidenceKind::Flawed,
];
const HEDGES: [Hedge; 8] =
    [Hedge::Asserted, Hedge::Likely, Hedge::May, Hedge::Conditional, Hedge::Hoped, Hedge::Feared, Hedge::Alleged, Hedge::Doubted];

/// Equal up to the rounding of `ln` and `exp` there and back: a few units in the last place.
fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-14
}

#[test]
fn every_cell_of_the_table() {
    // Typed in again from the page "From words to strengths" of the book, row by row.
    let page = "
        asserted    .87 .83 .80 .75 .69 .65 .52
        likely      .80 .75 .71 .65 .57 .52 .40
        may         .65 .57 .52 .45 .38 .33 .23
        conditional .65 .57 .52 .45 .38 .33 .23
        hoped       .50 .43 .38 .31 .25 .21 .14
        feared      .50 .43 .38 .31 .25 .21 .14
        alleged     .50 .43 .38 .31 .25 .21 .14
        doubted     .29 .23 .20 .15 .12 .10 .06";
    let rows: Vec<Vec<&str>> = page.lines().map(|line| line.split_whitespace().collect()).filter(|row: &Vec<_>| !row.is_empty()).collect();
    assert_eq!(rows.len(), HEDGES.len());
    for (row, hedge) in rows.iter().zip(HEDGES) {
        assert_eq!(row[0], hedge.word());
        for (cell, evidence) in row[1..].iter().zip(COLUMNS) {
            let expected: f64 = cell.parse().unwrap();
            assert_eq!(existence(hedge, evidence), expected, "{hedge} x {evidence}");
            assert!(close(of_claim(&claim("M001", hedge, evidence)).exists, expected), "{hedge} x {evidence}");
        }
    }
    let medians = [0.30, 0.20, 0.20, 0.15, 0.12, 0.12, 0.10];
    let sigmas = [0.5, 0.7, 0.8, 0.8, 0.9, 1.0, 1.0];
    for ((evidence, median), sigma) in COLUMNS.into_iter().zip(medians).zip(sigmas) {
        assert_eq!(size_if_exists(evidence), (median, sigma));
    }
}

#[test]
fn signs_by_hedge() {
    let of = |hedge| of_claim(&claim("M001", hedge, EvidenceKind::NoNote)).sign_holds;
    assert_eq!([of(Hedge::Asserted), of(Hedge::Likely), of(Hedge::May)], [0.95, 0.95, 0.85]);
    assert_eq!([of(Hedge::Hoped), of(Hedge::Feared), of(Hedge::Alleged)], [0.75; 3]);
    assert_eq!([of(Hedge::Conditional), of(Hedge::Doubted)], [0.85, 0.5]);
}

#[test]
fn voice_moves_the_logit() {
    let of = |voice| of_claim(&Claim { voice, ..claim("M001", Hedge::Hoped, EvidenceKind::Series) }).exists;
    // At a probability of one half the logit is zero, so the shifted probability is the logistic of the shift:
    // 1/(1+e^-x) at 0.4, -0.6, -0.3, by Python's math module.
    assert!(close(of(Voice::Neutral), 0.5));
    assert!(close(of(Voice::AgainstInterest), 0.598_687_660_112_452));
    assert!(close(of(Voice::SelfServing), 0.354_343_693_774_204_55));
    assert!(close(of(Voice::PartyToDispute), 0.425_557_483_188_341));
}

#[test]
fn further_sources_add_up_to_a_bound() {
    let base = claim("M001", Hedge::Hoped, EvidenceKind::Series);
    let of = |extra_sources| of_claim(&Claim { extra_sources, ..base.clone() }).exists;
    // 1/(1+e^-0.3) and 1/(1+e^-0.9).
    assert!(close(of(1), 0.574_442_516_811_659));
    assert!(close(of(3), 0.710_949_502_625_003_9));
    assert_eq!(of(3), of(50));
}

#[test]
fn size_words_scale_the_median() {
    let of = |size| of_claim(&Claim { size, ..claim("M001", Hedge::May, EvidenceKind::NoNote) }).size.quantile(0.5);
    // The median of a log-normal is its parameter; the quantile goes through `exp(ln(median))`.
    assert!((of(SizeWord::Ordinary) - 0.12).abs() < 1e-12);
    assert!((of(SizeWord::Weak) - 0.06).abs() < 1e-12);
    assert!((of(SizeWord::Strong) - 0.24).abs() < 1e-12);
}

#[test]
fn several_claims_take_the_strongest_and_count_claimants_once() {
    let strong = claim("M002", Hedge::Hoped, EvidenceKind::Series);
    let weak = claim("M001", Hedge::Doubted, EvidenceKind::Flawed);
    let other = Claim { claimant: "kazakh-experts".to_owned(), ..weak.clone() };
    let alone = of_claim(&strong).exists;
    let of = |claims: &[&Claim]| of_claims(claims).unwrap().exists;
    assert_eq!(of(&[&weak, &strong]), alone, "the same claimant again adds nothing");
    assert!(close(of(&[&other, &strong]), 0.574_442_516_811_659), "another claimant adds 0.3");
    assert_eq!(of(&[&other, &strong, &other]), of(&[&strong, &other]));
    assert!(of_claims(&[]).is_none());
}

proptest! {
    #[test]
    fn always_a_probability_and_never_by_order(
        picks in prop::collection::vec((0..8_usize, 0..7_usize, 0..4_u32, 0..3_usize), 1..6),
    ) {
        let who = ["authors", "kazakh-experts", "western-analysts"];
        let claims: Vec<Claim> = picks.iter().enumerate().map(|(n, &(hedge, evidence, extra_sources, by))| Claim {
            extra_sources,
            claimant: who[by].to_owned(),
            ..claim(&format!("M{n:03}"), HEDGES[hedge], COLUMNS[evidence])
        }).collect();
        let forward: Vec<&Claim> = claims.iter().collect();
        let backward: Vec<&Claim> = claims.iter().rev().collect();
        let LinkPrior { exists, sign_holds, .. } = of_claims(&forward).unwrap();
        prop_assert!(exists > 0.0 && exists < 1.0);
        prop_assert!((0.5..=0.95).contains(&sign_holds));
        let again = of_claims(&backward).unwrap();
        prop_assert_eq!(exists, again.exists);
        prop_assert_eq!(sign_holds, again.sign_holds);
    }
}
