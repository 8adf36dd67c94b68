//! A test bench for one mechanism: given surroundings, given parameters, paths of its variables.

use oxus_kernel::{Block, Definition, Kind, LANES, Model, Patch, PhiloxNoise, Recording, Run, Variable, World, plan};
use oxus_random::Key;

/// A model made of the mechanism under test and of variables held at given values.
pub struct Harness {
    world: World,
    definitions: Vec<Definition>,
    given: Vec<(Variable, f64)>,
    parameters: Vec<(String, Option<String>, f64)>,
    patches: Vec<Patch>,
    seed: u64,
}

impl Harness {
    /// A bench in this frame for this mechanism.
    pub fn new(world: World, definition: Definition) -> Self {
        Self { world, definitions: vec![definition], given: Vec::new(), parameters: Vec::new(), patches: Vec::new(), seed: 1 }
    }

    /// Adds another mechanism, such as one that emits what the first hears.
    pub fn with(mut self, definition: Definition) -> Self {
        self.definitions.push(definition);
        self
    }

    /// Holds a variable of another mechanism at a value.
    pub fn given(mut self, name: &'static str, axis: &'static str, unit: &'static str, value: f64) -> Self {
        self.given.push((Variable::new(name, axis, unit, Kind::Index, "held by the test"), value));
        self
    }

    /// Gives a parameter the same value for every entity.
    pub fn parameter(mut self, id: &str, value: f64) -> Self {
        self.parameters.push((id.to_owned(), None, value));
        self
    }

    /// Gives a parameter a value for one entity (after the value for all).
    pub fn parameter_of(mut self, id: &str, entity: &str, value: f64) -> Self {
        self.parameters.push((id.to_owned(), Some(entity.to_owned()), value));
        self
    }

    /// Adds an intervention.
    pub fn patch(mut self, patch: Patch) -> Self {
        self.patches.push(patch);
        self
    }

    /// Seed of the run; members are draw = seed-th block, replicate = lane.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Plans the model; panics with the rendered problems.
    pub fn model(&self) -> Model {
        let mut definitions = self.definitions.clone();
        if !self.given.is_empty() {
            definitions.push(Definition::given("given", self.given.clone()));
        }
        match plan(self.world.clone(), &definitions) {
            Ok(model) => model,
            Err(problems) => {
                let text: Vec<String> = problems.into_sorted().iter().map(|d| format!("{} {}", d.code.id(), d.headline)).collect();
                panic!("the test's model does not plan:\n{}", text.join("\n"));
            }
        }
    }

    /// A block of this model with the parameters and keys of the bench, tracing events.
    pub fn block<'m>(&self, model: &'m Model) -> Block<'m> {
        let mut block = Block::new(model);
        let ids: Vec<String> = model.parameter_ids().map(str::to_owned).collect();
        for (index, id) in ids.iter().enumerate() {
            let entities = model.parameter_use(index).0.entities.clone();
            for (e, entity) in entities.iter().enumerate() {
                let last = self.parameters.iter().rev().find(|(i, of, _)| i == id && of.as_ref().is_none_or(|o| o == entity));
                let (_, _, value) = last.unwrap_or_else(|| panic!("the test gives no value to parameter `{id}` of `{entity}`"));
                (0..LANES).for_each(|lane| block.set_parameter(index, e, lane, *value));
            }
        }
        block.set_keys(std::array::from_fn(|lane| Key::new(self.seed, 0, lane as u32)));
        block.trace([true; LANES]);
        block
    }

    /// Runs one block of members and returns the path of each named variable: `[variable][month][entity][lane]`.
    pub fn run(&self, variables: &[&str]) -> (Vec<Vec<Vec<[f64; LANES]>>>, Run) {
        let model = self.model();
        let mut block = self.block(&model);
        let interventions = model.resolve(&self.patches).unwrap_or_else(|p| panic!("patches do not resolve: {}", p[0].headline));
        let mut cells = Vec::new();
        let mut shape = Vec::new();
        for name in variables {
            let v = model.variable(name).unwrap_or_else(|| panic!("no variable `{name}`"));
            let n = model.axis_of(v).len();
            shape.push(n);
            cells.extend((0..n as u32).map(|e| (v, e)));
        }
        let width: usize = shape.iter().sum();
        let run = block.run(&interventions, &Recording { cells }, &PhiloxNoise);
        let mut start = 0;
        let mut paths = Vec::new();
        for n in shape {
            let path = run.record.chunks_exact(width * LANES).map(|month| {
                let cells = month[start * LANES..(start + n) * LANES].chunks_exact(LANES);
                cells.map(|c| std::array::from_fn(|lane| c[lane])).collect()
            });
            paths.push(path.collect());
            start += n;
        }
        (paths, run)
    }
}
