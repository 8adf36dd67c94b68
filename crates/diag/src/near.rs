//! Names that may have been meant.

/// The candidates closest to `name`, best first, at most `max`.
///
/// A candidate counts as close when, ignoring case, its Damerau-Levenshtein distance (insertions, deletions,
/// substitutions, swaps of neighbours; Damerau 1964) is at most a third of the longer name and at least 1 is allowed, or
/// when one is a whole dotted tail of the other (`rate` for `unrest.rate`). Ties keep the order of the names.
pub fn near_misses<'a>(name: &str, candidates: impl Iterator<Item = &'a str>, max: usize) -> Vec<String> {
    let wanted = name.to_lowercase();
    let mut close: Vec<(usize, &str)> =
        candidates.filter_map(|candidate| distance(&wanted, &candidate.to_lowercase()).map(|far| (far, candidate))).collect();
    close.sort();
    close.dedup();
    close.into_iter().take(max).map(|(_, candidate)| candidate.to_owned()).collect()
}

/// A line of help for a name that does not resolve: `did you mean `a` or `b`?`; `None` when nothing is close.
pub fn did_you_mean<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let close: Vec<String> = near_misses(name, candidates, 3).iter().map(|near| format!("`{near}`")).collect();
    let (last, others) = close.split_last()?;
    Some(match others {
        [] => format!("did you mean {last}?"),
        _ => format!("did you mean {} or {last}?", others.join(", ")),
    })
}

/// The distance of two lower-case names, or `None` when they are not close.
fn distance(wanted: &str, candidate: &str) -> Option<usize> {
    let (longer, shorter) = {
        let (a, b) = (wanted.chars().count(), candidate.chars().count());
        (a.max(b), a.min(b))
    };
    let allowed = (longer / 3).max(1);
    // Names of very different lengths are that far apart at least.
    let far = if longer - shorter > allowed { usize::MAX } else { strsim::damerau_levenshtein(wanted, candidate) };
    // A single edit turns any one-letter name into any other: such names are only close when equal but for case.
    let tiny = longer <= 1 && far > 0;
    if far <= allowed && !tiny {
        return Some(far);
    }
    let tail = |long: &str, short: &str| !short.is_empty() && long.strip_suffix(short).is_some_and(|s| s.ends_with('.'));
    (tail(candidate, wanted) || tail(wanted, candidate)).then_some(allowed + 1)
}
