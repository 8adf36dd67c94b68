//! Closed vocabularies: words of the format and what they stand for.

/// A type whose values are the words of a vocabulary.
pub(crate) trait Word: Copy + PartialEq + 'static {
    /// What such a word says, for messages: `a voice`.
    const WHAT: &'static str;
    /// Every word with its value, in the order they are listed to the user.
    const WORDS: &'static [(&'static str, Self)];

    /// The value of a word.
    fn parse(text: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(word, _)| *word == text).map(|&(_, value)| value)
    }

    /// The words, for messages.
    fn listed() -> String {
        let words: Vec<String> = Self::WORDS.iter().map(|(word, _)| format!("`{word}`")).collect();
        words.join(", ")
    }
}

/// Implements [`Word`] and `Display` for a vocabulary, in one place for both directions.
macro_rules! words {
    ($($type:ty, $what:literal: { $($word:literal => $value:ident),* $(,)? })*) => { $(
        impl Word for $type {
            const WHAT: &'static str = $what;
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$value)),*];
        }

        impl $type {
            /// The word of the pack format for it.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$value => $word),* }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.word())
            }
        }
    )* };
}

use crate::region::{
    Across, BadIf, Bound, Comparison, Crossing, EntryKind, EvidenceKind, FitErrors, FitForm, Form, HappeningKind, HazardLink, Hedge, Held,
    Indexation, Intercept, Part, Relation, Role, Rule, Shape, Sign, SiteKind, SizeWord, StateRole, Statistic, Status, TestSign, TieSign, Transform,
    Upward, Voice,
};

words! {
    Status, "a status": {
        "cited" => Cited, "derived" => Derived, "estimated" => Estimated, "literature" => Literature,
        "assumed" => Assumed,
    }
    StateRole, "a role of a state": { "state" => State, "power" => Power, "neighbour" => Neighbour }
    Crossing, "a kind of adjacency": { "internal" => Internal, "international" => International }
    SiteKind, "a kind of site": {
        "mine" => Mine, "oilfield" => Oilfield, "gasfield" => Gasfield, "refinery" => Refinery, "base" => Base,
        "post" => Post, "works" => Works, "hub" => Hub,
    }
    Rule, "a decision rule": {
        "consensus" => Consensus, "majority" => Majority, "weighted" => Weighted, "none" => Advisory,
    }
    Indexation, "an index of prices": { "oil" => Oil, "russia" => Russia, "fixed" => Fixed }
    Voice, "a voice": {
        "neutral" => Neutral, "against-interest" => AgainstInterest, "self-serving" => SelfServing,
        "party-to-dispute" => PartyToDispute,
    }
    Hedge, "a hedge": {
        "asserted" => Asserted, "likely" => Likely, "may" => May, "conditional" => Conditional, "hoped" => Hoped,
        "feared" => Feared, "alleged" => Alleged, "doubted" => Doubted,
    }
    Bound, "a bound of a figure": {
        "about" => About, "at-least" => AtLeast, "at-most" => AtMost, "almost" => Almost, "projected" => Projected,
    }
    EntryKind, "a kind of thing that takes something up": {
        "parameter" => Parameter, "series" => Series, "variable" => Variable, "mechanism" => Mechanism, "state" => State,
        "province" => Province, "border" => Border, "power" => Power, "group" => Group, "company" => Company,
        "organisation" => Organisation, "proposal" => Proposal, "site" => Site, "node" => Node, "edge" => Edge,
        "contract" => Contract, "link" => Link, "scenario" => Scenario, "view" => View, "claim" => Claim,
    }
    Part, "a part in the model": {
        "initial" => Initial, "data" => Data, "mechanism" => Mechanism, "link" => Link, "scenario" => Scenario,
        "background" => Background,
    }
    HappeningKind, "a kind of event": {
        "agreement" => Agreement, "meeting" => Meeting, "statement" => Statement, "aid" => Aid, "arms" => Arms,
        "drill" => Drill, "trade" => Trade, "unrest" => Unrest, "violence" => Violence, "overthrow" => Overthrow,
        "war" => War, "policy" => Policy, "assessment" => Assessment, "scheduled" => Scheduled,
    }
    TieSign, "a sign of a tie": { "+" => Plus, "-" => Minus, "+-" => Mixed, "0" => Neutral }
    Held, "a way to hold an uncertainty": {
        "mixture" => Mixture, "spread" => Spread, "contested" => Contested, "apart" => Apart, "chosen" => Chosen,
        "observation" => Observation, "filled" => Filled, "background" => Background,
    }
    SizeWord, "a word of size": { "weak" => Weak, "ordinary" => Ordinary, "strong" => Strong }
    EvidenceKind, "a kind of evidence": {
        "series" => Series, "two-independent" => TwoIndependent, "episode" => Episode, "one-named" => OneNamed,
        "no-note" => NoNote, "one-unnamed" => OneUnnamed, "flawed" => Flawed,
    }
    Role, "a role of a claim": {
        "link" => Link, "parameter" => Parameter, "mechanism" => Mechanism, "scenario" => Scenario, "lever" => Lever,
        "observation" => Observation, "background" => Background,
    }
    TestSign, "a sign of a test": {
        "+" => Plus, "-" => Minus, "0" => Zero, "level" => Level, "saturating" => Saturating,
    }
    Sign, "a sign": { "+" => Plus, "-" => Minus }
    Shape, "a shape of an influence": { "saturating" => Saturating, "step" => Step }
    Upward, "a way to combine entities": {
        "sum" => Sum, "mean" => Mean, "max" => Max, "population" => Population,
    }
    Relation, "a relation between entities": {
        "adjacency" => Adjacency, "borders" => Borders, "kinship" => Kinship,
    }
    Across, "a way to combine entities": { "each" => Each, "sum" => Sum, "mean" => Mean, "max" => Max }
    BadIf, "a direction": { "higher" => Higher, "lower" => Lower, "either" => Either }
    Statistic, "a statistic": {
        "last" => Last, "mean" => Mean, "log-rate" => LogRate, "deviation" => Deviation, "log-deviation" => LogDeviation, "positive-mean" => PositiveMean, "share" => Share,
        "stated" => Stated,
    }
    Comparison, "a comparison": {
        "equal" => Equal, "at-least" => AtLeast, "at-most" => AtMost, "before" => Before, "after" => After,
    }
    Transform, "a transform": {
        "level" => Level, "log" => Log, "log-plus-one" => LogPlusOne, "change" => Change, "log-change" => LogChange,
    }
    Intercept, "a choice of intercepts": { "common" => Common, "own" => Own, "none" => None }
    FitErrors, "a sort of standard errors": { "robust" => Robust, "classical" => Classical }
    HazardLink, "a link of a hazard": { "cloglog" => Cloglog, "logit" => Logit }
    FitForm, "a form of an estimate": { "normal" => Normal, "lognormal" => LogNormal, "beta" => Beta, "point" => Point }
    Form, "a form of answer": {
        "table" => Table, "two-by-two" => TwoByTwo, "by-cause" => ByCause, "ratio" => Ratio,
    }
}

impl Word for oxus_units::Kind {
    const WHAT: &'static str = "a kind of quantity";
    const WORDS: &'static [(&'static str, Self)] = &[
        ("flow", Self::Flow),
        ("stock", Self::Stock),
        ("index", Self::Index),
        ("count", Self::Count),
        ("price", Self::Price),
        ("share", Self::Share),
        ("rate", Self::Rate),
        ("probability", Self::Probability),
    ];
}
