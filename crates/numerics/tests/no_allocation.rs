//! Re-solving a flow or a trade problem allocates nothing, as promised: a simulation does it every month or year.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use oxus_numerics::network_simplex::{Arc, MaxFlow, Solver};
use oxus_numerics::trade::{Deficits, HatAlgebra};

/// The system's allocator, counting requests.
struct Counting;

static REQUESTS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        REQUESTS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promises are those of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are those of `System`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// A ring of 40 nodes with chords, from a source at 0 to a sink opposite.
fn network() -> (Vec<i64>, Vec<Arc>) {
    let nodes = 40;
    let mut arcs = Vec::new();
    for v in 0..nodes {
        for (step, cost) in [(1, 3), (7, 17), (nodes - 1, 5)] {
            arcs.push(Arc { from: v, to: (v + step) % nodes, lower: 0, upper: 10 + (v as i64 * 7) % 5, cost: cost + (v as i64 * 11) % 4 });
        }
    }
    let mut supplies = vec![0; nodes];
    (supplies[0], supplies[nodes / 2]) = (18, -18);
    (supplies, arcs)
}

/// Trade of twelve economies in two groups, most of it at home.
fn flows() -> Vec<f64> {
    (0..2 * 144).map(|k| if k / 12 % 12 == k % 12 { 100.0 } else { (k * 31 % 17) as f64 }).collect()
}

/// Equilibria after changes of cost and size.
fn equilibria(trade: &mut HatAlgebra<f64>) {
    let mut steps = 0;
    for k in 0..20 {
        trade.cost_factors_mut()[k * 7] = 0.5;
        trade.sizes_mut()[k % 12] *= 1.3;
        steps += trade.solve().expect("it converges");
    }
    assert!(steps > 20, "{steps}");
}

#[test]
fn solving_again_allocates_nothing() {
    let (supplies, arcs) = network();
    let mut solver = Solver::new(&supplies, &arcs).expect("a valid network");
    let mut flow = MaxFlow::new(supplies.len(), &arcs).expect("a valid network");
    let base = solver.clone();
    let mut trade = HatAlgebra::new(12, &[4.0, 6.0], &flows(), Deficits::Additive).expect("a valid base");
    let mut pivots = 0;
    let before = REQUESTS.load(Ordering::Relaxed);
    for (arc, Arc { upper, .. }) in arcs.iter().enumerate() {
        solver.set_bounds(arc, 0, 0).expect("the arc exists");
        pivots += solver.solve().expect("two routes remain").pivots;
        solver.set_bounds(arc, 0, *upper).expect("the arc exists");
        flow.set_capacity(arc, 0).expect("the arc exists");
        assert!(flow.solve(0, 20).expect("both nodes exist") >= 18);
        flow.set_capacity(arc, *upper).expect("the arc exists");
    }
    assert!(solver.copy_basis_from(&base));
    solver.forget_basis();
    pivots += solver.solve().expect("all routes are open").pivots;
    equilibria(&mut trade);
    let requests = REQUESTS.load(Ordering::Relaxed) - before;
    assert_eq!(requests, 0);
    assert!(pivots > 100, "{pivots}");
}
