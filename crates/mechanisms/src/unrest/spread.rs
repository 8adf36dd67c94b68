//! Where the offspring of an event happen: in the same province, next to it, across a border, among kin.

use oxus_kernel::World;

use super::ports::Scalars;

/// Targets with cumulative weights that end at 1.
type Wheel = Vec<(f64, u32)>;

/// The places that each province's events reach, by channel.
#[derive(Clone, Debug, Default)]
pub(super) struct Spread {
    /// `[province][channel]`: within the state, across a border, kin.
    wheels: Vec<[Wheel; 3]>,
}

impl Spread {
    /// From the relations `adjacency`, `adjacency-international` and `kinship` of the frame; a relation that is absent is empty.
    pub fn new(world: &World, provinces: usize) -> Self {
        let row = |name: &str, p: usize| world.relation(name).map_or(&[][..], |r| r.row(p));
        let wheels = (0..provinces).map(|p| {
            let abroad = row("adjacency-international", p);
            let inside: Vec<_> = row("adjacency", p).iter().copied().filter(|e| abroad.iter().all(|a| a.1 != e.1)).collect();
            [wheel(&inside), wheel(abroad), wheel(row("kinship", p))]
        });
        Self { wheels: wheels.collect() }
    }

    /// Province of an offspring of an event in `province`: `channel` and `target` are uniforms. A province without a channel keeps its share.
    pub fn place(&self, scalars: &Scalars, province: u32, channel: f64, target: f64) -> u32 {
        let mut from = 0.0;
        for (share, wheel) in [scalars.spread_neighbours, scalars.spread_border, scalars.spread_kin].into_iter().zip(&self.wheels[province as usize])
        {
            if channel >= from && channel < from + share && !wheel.is_empty() {
                return wheel[wheel.partition_point(|w| w.0 <= target).min(wheel.len() - 1)].1;
            }
            from += share;
        }
        province
    }
}

fn wheel(entries: &[(u32, u32, f64)]) -> Wheel {
    let total: f64 = entries.iter().map(|e| e.2).sum();
    let mut sum = 0.0;
    entries
        .iter()
        .map(|e| {
            sum += e.2;
            (sum / total, e.1)
        })
        .collect()
}
