//! What a voting rule lets pass on a line that starts at the status quo.

/// What the members can agree on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Passage {
    /// The farthest point that enough members prefer to the status quo, or are at least indifferent to; 0 when there is none.
    pub limit: f64,
    /// The member at whom that limit is set.
    pub pivot: usize,
}

/// The farthest departure from a status quo at 0 that enough members do not prefer the status quo to, and the member whose consent sets it.
///
/// A member with ideal point `x` and loss by distance gains from every outcome in `(0, 2x)` (Romer and Rosenthal, Public Choice 33, 1978).
/// Members are won over from the farthest inwards until their `weight` is at least `needed` (a share of all weight, in `(0, 1]`; or just
/// above one half for a majority): the last one needed, the pivot, sets the limit. With `needed = 1` this is consensus, and the pivot is the
/// member nearest to the status quo. `None` without members, or when all weights are zero.
pub fn passage(position: &[f64], weight: &[f64], needed: f64) -> Option<Passage> {
    let mut order = Vec::with_capacity(position.len());
    order_inwards(position, &mut order);
    passage_in_order(&order, position, weight, needed)
}

/// Puts the members in the order in which they are won over: from the farthest position inwards, ties by index.
pub fn order_inwards(position: &[f64], order: &mut Vec<usize>) {
    order.clear();
    for i in 0..position.len() {
        // insertion: organisations are small, and ties must keep their order
        let at = order.iter().position(|&o| position[o] < position[i]).unwrap_or(order.len());
        order.insert(at, i);
    }
}

/// As [`passage`], for members already put in order by [`order_inwards`].
pub fn passage_in_order(order: &[usize], position: &[f64], weight: &[f64], needed: f64) -> Option<Passage> {
    let total: f64 = weight.iter().sum();
    if total <= 0.0 {
        return None;
    }
    // a share such as 2/3 is not a double: sums within a few roundings of it count as reaching it
    let threshold = (needed - 1e-12) * total;
    let mut won = 0.0;
    for &next in order.iter().filter(|&&i| weight[i] > 0.0) {
        won += weight[next];
        if won >= threshold {
            return Some(Passage { limit: 2.0 * position[next].max(0.0), pivot: next });
        }
    }
    None
}
