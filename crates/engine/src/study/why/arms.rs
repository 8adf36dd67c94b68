//! The futures of the baseline and the case, and the same futures with parts of the case held to what they pass on in the baseline.

use oxus_analysis::necessity::DrawTotal;
use oxus_kernel::{Block, Course, Event, Followed, Hold, Intervention, LANES, Model, PhiloxNoise};
use oxus_random::Key;
use rayon::prelude::*;

use crate::ensemble::{Design, Drawn, Prepared, Watch};
use crate::outcome::Outcomes;

/// Members that one thread simulates at a time.
const CHUNK: u32 = 32;

/// The baseline and the case on the same members.
pub(super) struct Futures<'a> {
    pub model: &'a Model,
    pub base: &'a Prepared,
    pub case: &'a Prepared,
    pub design: Design,
    pub outcomes: &'a Outcomes,
}

/// The case with parts cut; positions are those of what is followed.
#[derive(Clone, Debug, Default)]
pub(super) struct Arm {
    /// What is done; `None`: all that the case does.
    pub interventions: Option<Vec<Intervention>>,
    /// Whether the numbers are those of the baseline.
    pub numbers_of_base: bool,
    pub variables: Vec<usize>,
    pub links: Vec<usize>,
    pub kinds: Vec<usize>,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    cells: usize,
    runs: usize,
    /// `[member][baseline, case, arms …][cell]`; NaN where it failed.
    values: Vec<f64>,
    /// Over members and months: product of how far a followed part (variables, links, kinds) is from the baseline in an arm and in the case,
    /// `[arm][part]`, and the square of the latter, `[part]`.
    products: Vec<Vec<f64>>,
    squares: Vec<f64>,
}

/// The baseline, in [`Values::value`].
pub(super) const BASE: usize = 0;
/// The case.
pub(super) const CASE: usize = 1;
/// The first arm.
pub(super) const ARMS: usize = 2;

impl Values {
    /// Members simulated.
    pub fn members(&self) -> usize {
        self.values.len() / (self.cells * self.runs).max(1)
    }

    /// The outcome of one member.
    pub fn value(&self, member: usize, run: usize, cell: usize) -> f64 {
        self.values[(member * self.runs + run) * self.cells + cell]
    }

    /// Totals by draw of the effect and of what goes of it in a run, over the members that came through in all three.
    pub fn totals(&self, design: Design, run: usize, cell: usize) -> Vec<DrawTotal> {
        self.totals_of(design, cell, |member| self.value(member, CASE, cell) - self.value(member, run, cell))
    }

    /// The same for anything that goes in a member; NaN where the member did not come through.
    pub fn totals_of(&self, design: Design, cell: usize, gone: impl Fn(usize) -> f64) -> Vec<DrawTotal> {
        let members: Vec<usize> = (0..self.members()).collect();
        let draws = members.chunks(design.replicates.max(1) as usize).map(|draw| {
            let mut total = DrawTotal::default();
            for &member in draw {
                let (whole, gone) = (self.value(member, CASE, cell) - self.value(member, BASE, cell), gone(member));
                if !(whole.is_nan() || gone.is_nan()) {
                    total.members += 1.0;
                    total.whole += whole;
                    total.gone += gone;
                }
            }
            total
        });
        draws.collect()
    }

    /// Share of a followed part's response to the case that goes in an arm: regression of the one course on the other, both as distances
    /// from the baseline. NaN for a part that does not respond.
    pub fn goes(&self, arm: usize, part: usize) -> f64 {
        1.0 - self.products[arm][part] / self.squares[part]
    }
}

/// What a block of members leaves.
struct Part {
    values: Vec<f64>,
    products: Vec<Vec<f64>>,
    squares: Vec<f64>,
}

/// Baseline and case of one block of members, and which lanes came through both.
pub(super) struct Pair {
    pub base: Course,
    pub case: Course,
    pub lanes: [bool; LANES],
    pub months: usize,
}

impl Futures<'_> {
    /// Runs baseline, case and all arms on every member. With `courses`, the followed parts are compared in every arm. Stops early, with whole
    /// members, when `watch` says so.
    pub fn run(&self, followed: &Followed, arms: &[Arm], courses: bool, watch: &dyn Watch) -> Values {
        let parts = if courses { followed.variables.len() + followed.links.len() + followed.kinds.len() } else { 0 };
        let mut found = Values {
            cells: self.outcomes.cells.len(),
            runs: arms.len() + ARMS,
            values: Vec::new(),
            products: vec![vec![0.0; parts]; arms.len()],
            squares: vec![0.0; parts],
        };
        self.each_block(
            watch,
            |block, first, count| self.block(block, first, count, followed, arms, courses),
            |part: Part| {
                found.values.extend(part.values);
                for (sums, more) in found.products.iter_mut().zip(part.products) {
                    sums.iter_mut().zip(more).for_each(|(s, x)| *s += x);
                }
                found.squares.iter_mut().zip(part.squares).for_each(|(s, x)| *s += x);
            },
        );
        found
    }

    /// Does something with every block of members on all cores; results are handed over in order.
    pub fn each_block<T: Send>(&self, watch: &dyn Watch, work: impl Fn(&mut Block<'_>, u32, u32) -> T + Sync, mut receive: impl FnMut(T)) {
        let members = self.design.members();
        let chunks: Vec<u32> = (0..members.div_ceil(CHUNK)).collect();
        let mut done = 0;
        for group in chunks.chunks(rayon::current_num_threads().max(1)) {
            let results: Vec<Vec<T>> = group
                .par_iter()
                .map(|&chunk| {
                    let mut block = Block::new(self.model);
                    let (first, end) = (chunk * CHUNK, ((chunk + 1) * CHUNK).min(members));
                    (first..end).step_by(LANES).map(|start| work(&mut block, start, (end - start).min(LANES as u32))).collect()
                })
                .collect();
            results.into_iter().flatten().for_each(&mut receive);
            done = (done + group.len() as u32 * CHUNK).min(members);
            if !watch.progress(done, members) {
                break;
            }
        }
    }

    /// Names the lanes and loads the numbers of one side.
    pub fn load(&self, side: &Prepared, block: &mut Block<'_>, first: u32, count: u32) {
        // lanes past the last member repeat it; they are simulated and thrown away
        let member = |lane: usize| first + (lane as u32).min(count - 1);
        block.set_keys(std::array::from_fn(|lane| {
            let (draw, replicate) = self.design.split(member(lane));
            Key::new(self.design.seed, draw, replicate)
        }));
        let mut last: Option<Drawn> = None;
        side.load(self.design, block, &mut last, member);
    }

    fn block(&self, block: &mut Block<'_>, first: u32, count: u32, followed: &Followed, arms: &[Arm], courses: bool) -> Part {
        let (cells, runs, count) = (self.outcomes.cells.len(), arms.len() + ARMS, count as usize);
        let mut values = vec![f64::NAN; count * runs * cells];
        let mut keep = |run: usize, result: &oxus_kernel::Run| {
            let mut row = Vec::with_capacity(cells);
            for lane in (0..count).filter(|&lane| result.failures[lane].is_none()) {
                row.clear();
                self.outcomes.evaluate(&result.record, lane, &mut row);
                values[(lane * runs + run) * cells..][..cells].copy_from_slice(&row);
            }
        };
        let [mut base, mut case, mut held] = [(); 3].map(|()| Course::of(followed.clone()));
        let recording = &self.outcomes.recording;
        self.load(self.base, block, first, count as u32);
        let result = block.run_held(self.base.interventions(), recording, &PhiloxNoise, None, &mut base);
        keep(BASE, &result);
        let mut whole: [bool; LANES] = std::array::from_fn(|lane| lane < count && result.failures[lane].is_none());
        self.load(self.case, block, first, count as u32);
        let result = block.run_held(self.case.interventions(), recording, &PhiloxNoise, None, &mut case);
        keep(CASE, &result);
        (0..LANES).for_each(|lane| whole[lane] &= result.failures[lane].is_none());
        let mut products = Vec::with_capacity(arms.len());
        let squares = if courses { compare(&base, &case, &case, &whole) } else { Vec::new() };
        let mut of_base = false;
        for (a, arm) in arms.iter().enumerate() {
            if arm.numbers_of_base != of_base {
                of_base = arm.numbers_of_base;
                self.load(if of_base { self.base } else { self.case }, block, first, count as u32);
            }
            let interventions = arm.interventions.as_deref().unwrap_or(self.case.interventions());
            let hold = Hold { to: &base, variables: &arm.variables, links: &arm.links, kinds: &arm.kinds };
            let mut unused = Course::default();
            let course = if courses { &mut held } else { &mut unused };
            let result = block.run_held(interventions, recording, &PhiloxNoise, Some(hold), course);
            keep(ARMS + a, &result);
            if courses {
                let through = std::array::from_fn(|lane| whole[lane] && result.failures[lane].is_none());
                products.push(compare(&base, &held, &case, &through));
            }
        }
        Part { values, products, squares }
    }

    /// Runs baseline and case of one block, following parts of both.
    pub fn pair(&self, block: &mut Block<'_>, first: u32, count: u32, followed: &Followed) -> Pair {
        let [mut base, mut case] = [(); 2].map(|()| Course::of(followed.clone()));
        let recording = &self.outcomes.recording;
        self.load(self.base, block, first, count);
        let without = block.run_held(self.base.interventions(), recording, &PhiloxNoise, None, &mut base);
        self.load(self.case, block, first, count);
        let with = block.run_held(self.case.interventions(), recording, &PhiloxNoise, None, &mut case);
        let lanes = std::array::from_fn(|lane| lane < count as usize && without.failures[lane].is_none() && with.failures[lane].is_none());
        Pair { base, case, lanes, months: self.model.world().months() }
    }
}

/// Product of the distances of two courses from the baseline, for each followed part, over the lanes that came through. Of a kind: events that
/// are in both or in neither of the two courses, and not so in the baseline.
fn compare(base: &Course, one: &Course, other: &Course, lanes: &[bool; LANES]) -> Vec<f64> {
    let weights = lanes.map(|whole| f64::from(u8::from(whole)));
    let product = |base: &[f64], one: &[f64], other: &[f64]| {
        let mut sums = [0.0; LANES];
        for ((base, one), other) in base.chunks_exact(LANES).zip(one.chunks_exact(LANES)).zip(other.chunks_exact(LANES)) {
            for lane in 0..LANES {
                sums[lane] += (one[lane] - base[lane]) * (other[lane] - base[lane]);
            }
        }
        // a lane that failed holds what is not finite
        sums.iter().zip(weights).filter(|s| s.1 > 0.0).map(|s| s.0).sum::<f64>()
    };
    let followed = base.followed();
    let variables = (0..followed.variables.len()).map(|at| product(base.variable(at), one.variable(at), other.variable(at)));
    let links = (0..followed.links.len()).map(|at| product(base.link(at), one.link(at), other.link(at)));
    let kinds = (0..followed.kinds.len()).map(|at| shared(base.kind(at), one.kind(at), other.kind(at), lanes));
    variables.chain(links).chain(kinds).collect()
}

/// Events by month and lane.
type Events = [[Vec<Event>; LANES]];

fn shared(base: &Events, one: &Events, other: &Events, lanes: &[bool; LANES]) -> f64 {
    let holds = |events: &[Event], id: u64| events.iter().any(|e| e.id == id);
    let mut count = 0;
    for ((base, one), other) in base.iter().zip(one).zip(other) {
        for lane in (0..LANES).filter(|&lane| lanes[lane]) {
            let (base, one, other) = (&base[lane], &one[lane], &other[lane]);
            count += other.iter().filter(|e| !holds(base, e.id) && holds(one, e.id)).count();
            count += base.iter().filter(|e| !holds(other, e.id) && !holds(one, e.id)).count();
        }
    }
    count as f64
}
