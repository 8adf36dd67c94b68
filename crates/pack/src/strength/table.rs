use crate::region::{EvidenceKind, Hedge, SizeWord, Voice};

/// Rows of the table of existence: hedges that mean the same stand together.
#[derive(Clone, Copy)]
enum Row {
    Asserted,
    Likely,
    May,
    Hoped,
    Doubted,
}

/// Probability that a link exists, author's voice, no further source. Columns in the order of [`column()`].
const EXISTENCE: [[f64; 7]; 5] = [
    [0.87, 0.83, 0.80, 0.75, 0.69, 0.65, 0.52],
    [0.80, 0.75, 0.71, 0.65, 0.57, 0.52, 0.40],
    [0.65, 0.57, 0.52, 0.45, 0.38, 0.33, 0.23],
    [0.50, 0.43, 0.38, 0.31, 0.25, 0.21, 0.14],
    [0.29, 0.23, 0.20, 0.15, 0.12, 0.10, 0.06],
];
/// Median size if the link exists, by evidence.
const MEDIAN: [f64; 7] = [0.30, 0.20, 0.20, 0.15, 0.12, 0.12, 0.10];
/// Standard deviation of the logarithm of the size, by evidence.
const SIGMA: [f64; 7] = [0.5, 0.7, 0.8, 0.8, 0.9, 1.0, 1.0];

fn column(evidence: EvidenceKind) -> usize {
    match evidence {
        EvidenceKind::Series => 0,
        EvidenceKind::TwoIndependent => 1,
        EvidenceKind::Episode => 2,
        EvidenceKind::OneNamed => 3,
        EvidenceKind::NoNote => 4,
        EvidenceKind::OneUnnamed => 5,
        EvidenceKind::Flawed => 6,
    }
}

fn row(hedge: Hedge) -> Row {
    match hedge {
        Hedge::Asserted => Row::Asserted,
        Hedge::Likely => Row::Likely,
        Hedge::May | Hedge::Conditional => Row::May,
        Hedge::Hoped | Hedge::Feared | Hedge::Alleged => Row::Hoped,
        Hedge::Doubted => Row::Doubted,
    }
}

/// Probability that the link of a claim with these words exists, in the author's voice.
#[must_use]
pub fn existence(hedge: Hedge, evidence: EvidenceKind) -> f64 {
    EXISTENCE[row(hedge) as usize][column(evidence)]
}

/// Median and sigma of the log-normal size of the effect, if it exists.
#[must_use]
pub fn size_if_exists(evidence: EvidenceKind) -> (f64, f64) {
    (MEDIAN[column(evidence)], SIGMA[column(evidence)])
}

/// Factor of a word of size on the median.
#[must_use]
pub fn size_word(word: SizeWord) -> f64 {
    match word {
        SizeWord::Weak => 0.5,
        SizeWord::Ordinary => 1.0,
        SizeWord::Strong => 2.0,
    }
}

/// What the speaker's interest adds to the logit of existence.
#[must_use]
pub fn voice_shift(voice: Voice) -> f64 {
    match voice {
        Voice::Neutral => 0.0,
        Voice::AgainstInterest => 0.4,
        Voice::SelfServing => -0.6,
        Voice::PartyToDispute => -0.3,
    }
}

/// Probability that the sign is as claimed.
#[must_use]
pub fn sign_holds(hedge: Hedge) -> f64 {
    match row(hedge) {
        Row::Asserted | Row::Likely => 0.95,
        Row::May => 0.85,
        Row::Hoped => 0.75,
        Row::Doubted => 0.50,
    }
}
