//! What a run passed on, month by month, and later runs of the same members held to it.
//!
//! A variable, a link or an event kind that is *held* passes on what it passed on in another run of the same members, usually the baseline: what
//! goes through it in the run that is held is cut, and nothing else is. This is the nested counterfactual of the natural direct effect (Pearl
//! 2001, Direct and indirect effects, UAI 17:411-420): what is left is the effect that does not go through the held part. A part that behaves
//! as it did in the other run is held to what it does anyway, and the run keeps its bits.

use crate::block::Store;
use crate::column::LANES;
use crate::event::{ButFor, Event, KindId};
use crate::model::Model;

/// What is followed through a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// Variables (model indices), sums included.
    pub variables: Vec<usize>,
    /// Links (model indices).
    pub links: Vec<usize>,
    /// Event kinds.
    pub kinds: Vec<KindId>,
}

/// What was followed, as it went.
#[derive(Clone, Debug, Default)]
pub struct Course {
    followed: Followed,
    variables: Vec<Vec<f64>>,
    links: Vec<Vec<f64>>,
    kinds: Vec<Vec<[Vec<Event>; LANES]>>,
}

impl Course {
    /// An empty course of these parts.
    pub fn of(followed: Followed) -> Self {
        let (variables, links, kinds) = (followed.variables.len(), followed.links.len(), followed.kinds.len());
        Self { followed, variables: vec![Vec::new(); variables], links: vec![Vec::new(); links], kinds: vec![Vec::new(); kinds] }
    }

    /// What is followed.
    pub fn followed(&self) -> &Followed {
        &self.followed
    }

    /// Values of the followed variable `at`, `[month][entity][lane]`; the first month is the origin.
    pub fn variable(&self, at: usize) -> &[f64] {
        &self.variables[at]
    }

    /// What the followed link `at` added to its modifier, `[month][row][lane]`, a row for each entity it reaches.
    pub fn link(&self, at: usize) -> &[f64] {
        &self.links[at]
    }

    /// Events of the followed kind `at`, by month and lane.
    pub fn kind(&self, at: usize) -> &[[Vec<Event>; LANES]] {
        &self.kinds[at]
    }

    pub(crate) fn clear(&mut self) {
        self.variables.iter_mut().chain(&mut self.links).for_each(Vec::clear);
        self.kinds.iter_mut().for_each(Vec::clear);
    }

    pub(crate) fn take_variables(&mut self, store: &Store) {
        for (course, &variable) in self.variables.iter_mut().zip(&self.followed.variables) {
            course.extend_from_slice(&store.now[variable]);
        }
    }

    pub(crate) fn take_links(&mut self, model: &Model, store: &Store) {
        for (course, &link) in self.links.iter_mut().zip(&self.followed.links) {
            for row in model.link_plan.starts[link]..model.link_plan.starts[link + 1] {
                course.extend((0..LANES).map(|lane| store.links.passed_on(row, lane)));
            }
        }
    }

    pub(crate) fn take_events(&mut self, emitted: &[Vec<Event>; LANES]) {
        for (course, kind) in self.kinds.iter_mut().zip(&self.followed.kinds) {
            course.push(std::array::from_fn(|lane| emitted[lane].iter().filter(|e| e.kind == *kind).copied().collect()));
        }
    }
}

/// Parts of a course that a run is held to; positions in what the course followed.
#[derive(Clone, Copy, Debug)]
pub struct Hold<'c> {
    /// The course.
    pub to: &'c Course,
    /// Variables held.
    pub variables: &'c [usize],
    /// Links held.
    pub links: &'c [usize],
    /// Event kinds held.
    pub kinds: &'c [usize],
}

impl Hold<'_> {
    /// Sets the held ones among `written` (model indices) to what they were at `step` (0: the origin).
    pub(crate) fn variables(&self, written: &[u32], step: usize, store: &mut Store) {
        for &at in self.variables {
            let variable = self.to.followed.variables[at];
            if written.contains(&(variable as u32)) {
                let column = &mut store.now[variable];
                let width = column.len();
                column.copy_from_slice(&self.to.variables[at][step * width..][..width]);
            }
        }
    }

    /// Contributions of the held rows in a month, as `(row, values of the lanes)`.
    pub(crate) fn rows<'s>(&'s self, model: &'s Model, month: usize) -> impl Iterator<Item = (usize, &'s [f64])> {
        self.links.iter().flat_map(move |&at| {
            let link = self.to.followed.links[at];
            let (first, end) = (model.link_plan.starts[link], model.link_plan.starts[link + 1]);
            let values = &self.to.links[at][month * (end - first) * LANES..];
            (first..end).zip(values.chunks_exact(LANES))
        })
    }

    pub(crate) fn holds_link(&self, link: usize) -> bool {
        self.links.iter().any(|&at| self.to.followed.links[at] == link)
    }

    /// Puts the events of the held kinds in place of those of this month.
    pub(crate) fn events(&self, month: usize, emitted: &mut [Vec<Event>; LANES]) {
        for &at in self.kinds {
            let kind = self.to.followed.kinds[at];
            for (lane, events) in emitted.iter_mut().enumerate() {
                events.retain(|e| e.kind != kind);
                // but-for sets point into the arena of the other run
                events.extend(self.to.kinds[at][month][lane].iter().map(|e| Event { but_for: ButFor::default(), ..*e }));
            }
        }
    }
}
