//! Parameters as they were last month: what only they decide is made anew only when a scenario has changed one.

use oxus_kernel::{Param, Step};

/// Columns of parameters as they were when last asked about.
#[derive(Default)]
pub(crate) struct Seen {
    values: Vec<f64>,
}

impl Seen {
    /// Forgets all of them, so that the next question is answered with yes: for the start of a run.
    pub(crate) fn forget(&mut self) {
        self.values.clear();
    }

    /// Whether one of these parameters is not as it was when last asked; remembers them. The list must be the same each time.
    pub(crate) fn changed<'p>(&mut self, step: &Step<'_>, params: impl IntoIterator<Item = &'p Param>) -> bool {
        let (mut at, mut changed) = (0, false);
        for column in params.into_iter().map(|param| step.slice(param)) {
            let end = at + column.len();
            if self.values.len() < end {
                self.values.extend_from_slice(column);
                changed = true;
            } else if self.values[at..end] != *column {
                self.values[at..end].copy_from_slice(column);
                changed = true;
            }
            at = end;
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use oxus_kernel::{Definition, Kind, Mechanism, Op, Own, Patch, Ports, Schedule, Target, Variable, World};
    use oxus_units::Month;

    use super::*;
    use crate::harness::Harness;

    const MADE: Variable = Variable::new("probe.made", "state", "1", Kind::Index, "1 where the parameters were found changed");

    /// Writes whether `a` or `b` has changed since the last step.
    struct Probe {
        made: Own,
        params: [Param; 2],
    }

    impl Mechanism for Probe {
        type Memory = Seen;

        fn declare(ports: &mut Ports<'_>) -> Self {
            Self { made: ports.own(&MADE), params: [ports.param("a", "state", "1"), ports.param("b", "world", "1")] }
        }

        fn start(&self, step: &mut Step<'_>, seen: &mut Seen) {
            seen.forget();
            step.fill(&self.made, 0.0);
        }

        fn step(&self, step: &mut Step<'_>, seen: &mut Seen) {
            let changed = seen.changed(step, &self.params);
            step.fill(&self.made, f64::from(u8::from(changed)));
        }
    }

    #[test]
    fn a_change_is_told_once_when_it_comes_and_once_when_it_goes() {
        let mut world = World::new(Month::parse("2013-01").unwrap(), 8);
        world.add_axis("state", vec!["one".to_owned(), "two".to_owned()]);
        let only_the_second_state = Patch {
            origin: "test".to_owned(),
            target: Target::Parameter("probe.a".to_owned()),
            entities: vec!["two".to_owned()],
            op: Op::Set,
            schedule: Schedule::constant(5.0, 3, 5, 8),
            strength: 1.0,
            order: 0,
            span: None,
        };
        let bench = Harness::new(world, Definition::of::<Probe>("probe", "looks for changes")).parameter("probe.a", 1.0).parameter("probe.b", 2.0);
        let made = |bench: Harness| bench.run(&["probe.made"]).0[0].iter().map(|month| month[0][0]).collect::<Vec<f64>>();
        // all is new in the first month
        assert_eq!(made(bench.patch(only_the_second_state)), [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0]);
    }
}
