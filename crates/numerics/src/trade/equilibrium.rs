//! The equations of one Newton step: shares and demand at given factor prices, the Jacobian of excess demand, elimination.

use oxus_math::{dispatch, exp};

use super::lanes::Lanes;

dispatch! {
    /// Exponentials of a list.
    pub(super) fn exp_all(out: &mut [f64], x: &[f64]) {
        for (out, &x) in out.iter_mut().zip(x) {
            *out = exp(x);
        }
    }
}

/// Products summed in four chains, in an order that depends on nothing but the length.
#[inline(always)]
fn dot<V: Lanes>(a: &[V], b: &[V]) -> V {
    let mut chains = [V::splat(0.0); 4];
    let (head_a, head_b) = (a.chunks_exact(4), b.chunks_exact(4));
    let tail = head_a.remainder().iter().zip(head_b.remainder());
    for (a, b) in head_a.zip(head_b) {
        for c in 0..4 {
            chains[c] = chains[c].plus(a[c].times(b[c]));
        }
    }
    for (a, b) in tail {
        chains[0] = chains[0].plus(a.times(*b));
    }
    chains[0].plus(chains[1]).plus(chains[2].plus(chains[3]))
}

dispatch! {
    /// Shares `[group][from][to]`, their denominators `[group][to]`, demand and elasticity-weighted demand `[from]` at the competitiveness
    /// `power[group][from]` (factor price to the power minus theta) and the spending `spent[group][to]`.
    pub(super) fn evaluate<V: Lanes>(
        weights: &[V],
        power: &[V],
        theta: &[V],
        spent: &[V],
        shares: &mut [V],
        denominators: &mut [V],
        demand: &mut [V],
        weighted: &mut [V],
        inverse: &mut [V]
    ) {
        let n = demand.len();
        demand.fill(V::splat(0.0));
        weighted.fill(V::splat(0.0));
        denominators.fill(V::splat(0.0));
        for g in 0..theta.len() {
            let sums = &mut denominators[g * n..][..n];
            for i in 0..n {
                let (from, s) = ((g * n + i) * n, power[g * n + i]);
                for ((share, weight), sum) in shares[from..][..n].iter_mut().zip(&weights[from..][..n]).zip(sums.iter_mut()) {
                    *share = weight.times(s);
                    *sum = sum.plus(*share);
                }
            }
            for (inverse, sum) in inverse.iter_mut().zip(sums.iter()) {
                *inverse = V::splat(1.0).over(*sum);
            }
            for i in 0..n {
                let row = &mut shares[(g * n + i) * n..][..n];
                for (share, inverse) in row.iter_mut().zip(inverse.iter()) {
                    *share = share.times(*inverse);
                }
                let sold = dot(row, &spent[g * n..][..n]);
                demand[i] = demand[i].plus(sold);
                weighted[i] = weighted[i].plus(sold.times(theta[g]));
            }
        }
    }
}

dispatch! {
    /// Rows `[from][group][to]` whose inner products are the substitution terms of the Jacobian.
    pub(super) fn substitution_rows<V: Lanes>(shares: &[V], roots: &[V], rows: &mut [V], n: usize) {
        let groups = roots.len() / n;
        for i in 0..n {
            for g in 0..groups {
                let out = &mut rows[(i * groups + g) * n..][..n];
                let from = shares[(g * n + i) * n..][..n].iter().zip(&roots[g * n..][..n]);
                for (out, (share, root)) in out.iter_mut().zip(from) {
                    *out = share.times(*root);
                }
            }
        }
    }
}

dispatch! {
    /// The Jacobian of excess demand in log factor prices, `n` rows of `n + 1`, whose last column is left alone.
    ///
    /// Row `i`, column `k`: `sum_gj theta X_gij (pi_gkj - [i = k]) + sum_g pi_gik a_gk dE_k + d_i r_k - [i = k] y_i`, where `own[k]` is the
    /// change of `k`'s expenditure with its own factor price and `common[k]` the change of everybody's through the rescaling.
    pub(super) fn jacobian<V: Lanes>(
        rows: &[V],
        shares: &[V],
        spending_shares: &[f64],
        demand: &[V],
        weighted: &[V],
        output: &[V],
        own: &[V],
        common: &[V],
        matrix: &mut [V]
    ) {
        let n = demand.len();
        let (m, groups, width) = (rows.len() / n, spending_shares.len() / n, n + 1);
        for i in 0..n {
            for k in i..n {
                let cross = dot(&rows[i * m..][..m], &rows[k * m..][..m]);
                matrix[i * width + k] = cross;
                matrix[k * width + i] = cross;
            }
        }
        for i in 0..n {
            let row = &mut matrix[i * width..][..n];
            for g in 0..groups {
                let bought = shares[(g * n + i) * n..][..n].iter().zip(&spending_shares[g * n..][..n]).zip(own);
                for (cell, ((share, part), own)) in row.iter_mut().zip(bought) {
                    *cell = cell.plus(share.scaled(*part).times(*own));
                }
            }
            for (cell, common) in row.iter_mut().zip(common) {
                *cell = cell.plus(demand[i].times(*common));
            }
            row[i] = row[i].less(weighted[i]).less(output[i]);
        }
    }
}

/// Puts the equation and the unknown of economy `largest` last and the numeraire, `-sum_k y_k dw_k = short`, in the place of that equation.
///
/// By Walras's law one market clears with the others. It is that of the largest economy that is left out, because it takes up the rounding of all.
pub(super) fn put_numeraire<V: Lanes>(matrix: &mut [V], output: &[V], short: V, largest: usize) {
    let n = output.len();
    let width = n + 1;
    for row in matrix.chunks_exact_mut(width) {
        row.swap(largest, n - 1);
    }
    let (upper, last) = matrix.split_at_mut((n - 1) * width);
    if largest < n - 1 {
        upper[largest * width..][..width].swap_with_slice(last);
    }
    for (cell, output) in last.iter_mut().zip(output) {
        *cell = V::splat(0.0).less(*output);
    }
    last.swap(largest, n - 1);
    last[n] = short;
}

dispatch! {
    /// Solves `n` equations in place, `n` rows of `n + 1` with the right side in the last column; the answer replaces that column.
    ///
    /// Without exchanges of rows: by gross substitution the rows but the last are diagonally dominant by columns with one sign, for which
    /// elimination is stable in any order, and the pivot of the last row is a sum of terms of one sign.
    pub(super) fn eliminate<V: Lanes>(matrix: &mut [V], n: usize) {
        let width = n + 1;
        for p in 0..n {
            let (upper, lower) = matrix.split_at_mut((p + 1) * width);
            let pivot_row = &upper[p * width + p..(p + 1) * width];
            let inverse = V::splat(1.0).over(pivot_row[0]);
            for row in lower.chunks_exact_mut(width) {
                let factor = row[p].times(inverse);
                for (cell, pivot) in row[p + 1..].iter_mut().zip(&pivot_row[1..]) {
                    *cell = cell.less(factor.times(*pivot));
                }
            }
        }
        for p in (0..n).rev() {
            let mut value = matrix[p * width + n];
            for k in p + 1..n {
                value = value.less(matrix[p * width + k].times(matrix[k * width + n]));
            }
            matrix[p * width + n] = value.over(matrix[p * width + p]);
        }
    }
}
