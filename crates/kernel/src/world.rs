//! The fixed frame of a region: axes with entities, containment, relations, attributes and profiles over months.

use std::collections::BTreeMap;

use oxus_random::hash64;
use oxus_units::Month;

/// Dense index of an axis in its [`World`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AxisId(pub(crate) u16);

/// A named list of entities that values lie on.
#[derive(Clone, Debug)]
pub struct Axis {
    /// Name, such as `state` or `gas.edge`.
    pub name: String,
    /// Entity ids, in the order of the columns.
    pub entities: Vec<String>,
    /// Stable keys of the entities for the random streams: hashes of their ids, never positions.
    pub keys: Vec<u64>,
}

impl Axis {
    /// Number of entities.
    pub fn len(&self) -> usize {
        self.entities.len()
    }

    /// Whether the axis has no entity.
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty()
    }

    /// Position of an entity.
    pub fn position(&self, entity: &str) -> Option<usize> {
        self.entities.iter().position(|e| e == entity)
    }
}

/// For each entity of one axis, its entity on another axis, if it has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map {
    /// `to[i]` is the position on the target axis.
    pub to: Vec<Option<u32>>,
    /// Length of the target axis.
    pub len: usize,
}

impl Map {
    /// Positions on the source axis that map to `target`.
    pub fn members(&self, target: usize) -> impl Iterator<Item = usize> + '_ {
        self.to.iter().enumerate().filter(move |(_, t)| **t == Some(target as u32)).map(|(i, _)| i)
    }
}

/// A sparse weighted relation from the entities of one axis to those of another (adjacency, kinship).
#[derive(Clone, Debug)]
pub struct Relation {
    /// Axis of the rows (receivers).
    pub rows: AxisId,
    /// Axis of the columns (sources).
    pub columns: AxisId,
    /// `(row, column, weight)`, sorted, unique.
    pub entries: Vec<(u32, u32, f64)>,
}

impl Relation {
    /// Entries of one row.
    pub fn row(&self, row: usize) -> &[(u32, u32, f64)] {
        let start = self.entries.partition_point(|e| (e.0 as usize) < row);
        let end = self.entries.partition_point(|e| (e.0 as usize) <= row);
        &self.entries[start..end]
    }
}

/// The frame in which mechanisms declare their ports. Built once by whoever knows the pack; read-only afterwards.
#[derive(Clone, Debug)]
pub struct World {
    axes: Vec<Axis>,
    by_name: BTreeMap<String, AxisId>,
    maps: BTreeMap<(AxisId, AxisId), Map>,
    relations: BTreeMap<String, Relation>,
    numbers: BTreeMap<(AxisId, String), Vec<f64>>,
    texts: BTreeMap<(AxisId, String), Vec<String>>,
    profiles: BTreeMap<(AxisId, String), Vec<Vec<f64>>>,
    first: Month,
    months: usize,
}

impl World {
    /// An empty frame over `months` months, of which `first` is the first simulated; it has the one-entity axis `world`.
    pub fn new(first: Month, months: usize) -> Self {
        let mut world = Self {
            axes: Vec::new(),
            by_name: BTreeMap::new(),
            maps: BTreeMap::new(),
            relations: BTreeMap::new(),
            numbers: BTreeMap::new(),
            texts: BTreeMap::new(),
            profiles: BTreeMap::new(),
            first,
            months,
        };
        world.add_axis("world", vec!["world".to_owned()]);
        world
    }

    /// Adds an axis; a second axis of the same name replaces nothing and returns the first.
    pub fn add_axis(&mut self, name: &str, entities: Vec<String>) -> AxisId {
        if let Some(&id) = self.by_name.get(name) {
            return id;
        }
        let id = AxisId(self.axes.len() as u16);
        let keys = entities.iter().map(|e| hash64(e)).collect();
        self.axes.push(Axis { name: name.to_owned(), entities, keys });
        self.by_name.insert(name.to_owned(), id);
        id
    }

    /// States that entity `i` of `from` lies in entity `to[i]` of `into`.
    pub fn add_map(&mut self, from: AxisId, into: AxisId, to: Vec<Option<u32>>) {
        let len = self.axis(into).len();
        self.maps.insert((from, into), Map { to, len });
    }

    /// Adds a relation; entries are sorted and equal pairs summed.
    pub fn add_relation(&mut self, name: &str, rows: AxisId, columns: AxisId, mut entries: Vec<(u32, u32, f64)>) {
        entries.sort_by_key(|e| (e.0, e.1));
        entries.dedup_by(|later, earlier| {
            let same = (later.0, later.1) == (earlier.0, earlier.1);
            if same {
                earlier.2 += later.2;
            }
            same
        });
        self.relations.insert(name.to_owned(), Relation { rows, columns, entries });
    }

    /// Adds a numeric attribute, one value for each entity.
    pub fn add_number(&mut self, axis: AxisId, name: &str, values: Vec<f64>) {
        self.numbers.insert((axis, name.to_owned()), values);
    }

    /// Adds a textual attribute, one value for each entity.
    pub fn add_text(&mut self, axis: AxisId, name: &str, values: Vec<String>) {
        self.texts.insert((axis, name.to_owned()), values);
    }

    /// Adds a profile: for each entity a value for each simulated month.
    pub fn add_profile(&mut self, axis: AxisId, name: &str, values: Vec<Vec<f64>>) {
        self.profiles.insert((axis, name.to_owned()), values);
    }

    /// First simulated month.
    pub fn first(&self) -> Month {
        self.first
    }

    /// Number of simulated months.
    pub fn months(&self) -> usize {
        self.months
    }

    /// Month of the year, 0 for January, of simulated month `t`.
    pub fn season(&self, t: usize) -> usize {
        (self.first.month() as usize - 1 + t) % 12
    }

    /// Axis by name.
    pub fn find(&self, name: &str) -> Option<AxisId> {
        self.by_name.get(name).copied()
    }

    /// All axes in the order of their making.
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// The axis of an id of this world.
    pub fn axis(&self, id: AxisId) -> &Axis {
        &self.axes[id.0 as usize]
    }

    /// Containment of `from` in `into`; the identity when both are the same axis, all into one when `into` is `world`.
    pub fn map(&self, from: AxisId, into: AxisId) -> Option<Map> {
        let n = self.axis(from).len();
        if from == into {
            return Some(Map { to: (0..n as u32).map(Some).collect(), len: n });
        }
        if self.axis(into).name == "world" {
            return Some(Map { to: vec![Some(0); n], len: 1 });
        }
        self.maps.get(&(from, into)).cloned()
    }

    /// Relation by name.
    pub fn relation(&self, name: &str) -> Option<&Relation> {
        self.relations.get(name)
    }

    /// Names of all relations.
    pub fn relation_names(&self) -> impl Iterator<Item = &str> {
        self.relations.keys().map(String::as_str)
    }

    /// Numeric attribute of an axis.
    pub fn numbers(&self, axis: AxisId, name: &str) -> Option<&[f64]> {
        self.numbers.get(&(axis, name.to_owned())).map(Vec::as_slice)
    }

    /// Textual attribute of an axis.
    pub fn texts(&self, axis: AxisId, name: &str) -> Option<&[String]> {
        self.texts.get(&(axis, name.to_owned())).map(Vec::as_slice)
    }

    /// Profile of an axis: `[entity][month]`.
    pub fn profile(&self, axis: AxisId, name: &str) -> Option<&[Vec<f64>]> {
        self.profiles.get(&(axis, name.to_owned())).map(Vec::as_slice)
    }
}
