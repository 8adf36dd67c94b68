//! Streams of eight members at once, for many entities: the same numbers as [`Stream`](crate::Stream), several times faster.
//!
//! Work goes in tiles of blocks. Every loop that computes runs over long flat slices of its own, which is what the compiler vectorises well; loops of
//! eight it unrolls instead. The rows are put in their places afterwards.

use crate::philox::{Key, Multiply, Parts, Wide, block_by};
use crate::stream::{box_muller, to_open_unit};
use oxus_math::isa::{Level, level};

/// Members that advance together; one AVX-512 register of `f64`.
pub const LANES: usize = 8;

/// Blocks in a tile; its buffers stay in the first-level cache.
const TILE_BLOCKS: usize = 32;
const TILE: usize = TILE_BLOCKS * LANES;

/// Makes block `number[n]` of the stream (domain, `entity[n]`, step) of the key (`seed[n]`, `member[n]`), as uniforms `u0[n]` to `u3[n]`.
#[inline(always)]
fn make_blocks<Mul: Multiply>(
    seed: &[u64],
    member: &[u64],
    entity: &[u64],
    number: &[u64],
    (domain, step): (u64, u64),
    [u0, u1, u2, u3]: [&mut [f64]; 4],
) {
    let len = seed.len();
    let (member, entity, number) = (&member[..len], &entity[..len], &number[..len]);
    let (u0, u1, u2, u3) = (&mut u0[..len], &mut u1[..len], &mut u2[..len], &mut u3[..len]);
    for n in 0..len {
        let key = Key { seed: seed[n], member: member[n] };
        let words = block_by::<Mul>([number[n], domain, entity[n], step], key);
        u0[n] = to_open_unit(words[0]);
        u1[n] = to_open_unit(words[1]);
        u2[n] = to_open_unit(words[2]);
        u3[n] = to_open_unit(words[3]);
    }
}

oxus_math::dispatch! {
    fn make_blocks_vector(
        seed: &[u64],
        member: &[u64],
        entity: &[u64],
        number: &[u64],
        domain_and_step: (u64, u64),
        u0: &mut [f64],
        u1: &mut [f64],
        u2: &mut [f64],
        u3: &mut [f64],
    ) {
        make_blocks::<Parts>(seed, member, entity, number, domain_and_step, [u0, u1, u2, u3]);
    }
}

oxus_math::dispatch! {
    /// Turns pairs of uniforms into pairs of normals, in place.
    fn make_normals(u: &mut [f64], v: &mut [f64]) {
        for (u, v) in u.iter_mut().zip(v) {
            (*u, *v) = box_muller(*u, *v);
        }
    }
}

/// Which numbers to make.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Uniform,
    Normal,
}

/// Uniforms of eight members for many entities, laid out `[entity][word][lane]`.
///
/// `out[(e * words_per_entity + w) * LANES + l]` is uniform number `w` of `Stream::new(keys[l], domain, entities[e], step)`, to the bit. A block of
/// four words costs as much as one word of it, so ask for what one entity needs in one call. The length of `out` must be
/// `entities.len() * words_per_entity * LANES`.
pub fn uniforms_lanes(keys: &[Key; LANES], domain: u64, entities: &[u64], step: u64, words_per_entity: usize, out: &mut [f64]) {
    fill(Kind::Uniform, keys, (domain, step), entities, words_per_entity, out);
}

/// Standard normals of eight members for many entities, laid out `[entity][normal][lane]`.
///
/// `out[(e * normals_per_entity + w) * LANES + l]` is normal number `w` of `Stream::new(keys[l], domain, entities[e], step)`, to the bit. Two normals
/// cost as much as one. The length of `out` must be `entities.len() * normals_per_entity * LANES`.
pub fn normals_lanes(keys: &[Key; LANES], domain: u64, entities: &[u64], step: u64, normals_per_entity: usize, out: &mut [f64]) {
    fill(Kind::Normal, keys, (domain, step), entities, normals_per_entity, out);
}

fn fill(kind: Kind, keys: &[Key; LANES], domain_and_step: (u64, u64), entities: &[u64], per_entity: usize, out: &mut [f64]) {
    assert_eq!(out.len(), entities.len() * per_entity * LANES, "internal: the output holds [entity][number][lane]");
    if out.is_empty() {
        return;
    }
    let blocks_per_entity = per_entity.div_ceil(4);
    let total = entities.len() * blocks_per_entity;
    let seed: [u64; TILE] = std::array::from_fn(|n| keys[n % LANES].seed);
    let member: [u64; TILE] = std::array::from_fn(|n| keys[n % LANES].member);
    let (mut entity, mut number) = ([0; TILE], [0; TILE]);
    let mut tile = [[0.0; TILE]; 4];
    // Where each block's rows go: four rows, fewer at the end of an entity.
    let mut places = out.chunks_exact_mut(per_entity * LANES).flat_map(|rows| rows.chunks_mut(4 * LANES));
    let mut names = entities.iter().flat_map(|&entity| (1..=blocks_per_entity as u64).map(move |number| (entity, number)));
    let mut made = 0;
    while made < total {
        let len = (total - made).min(TILE_BLOCKS) * LANES;
        for (at, (name, block)) in names.by_ref().take(len / LANES).enumerate() {
            let lanes = at * LANES..(at + 1) * LANES;
            entity[lanes.clone()].fill(name);
            number[lanes].fill(block);
        }
        let [u0, u1, u2, u3] = tile.each_mut().map(|row| &mut row[..len]);
        if level() == Level::Baseline {
            // Without wide registers the processor's own 64-bit multiplication is faster than four products of parts.
            make_blocks::<Wide>(&seed[..len], &member, &entity, &number, domain_and_step, [u0, u1, u2, u3]);
        } else {
            make_blocks_vector(&seed[..len], &member, &entity, &number, domain_and_step, u0, u1, u2, u3);
        }
        if kind == Kind::Normal {
            let [u0, u1, u2, u3] = tile.each_mut().map(|row| &mut row[..len]);
            make_normals(u0, u1);
            if per_entity > 2 {
                make_normals(u2, u3);
            }
        }
        for (block, place) in places.by_ref().take(len / LANES).enumerate() {
            for (row, numbers) in place.chunks_exact_mut(LANES).zip(&tile) {
                row.copy_from_slice(&numbers[block * LANES..][..LANES]);
            }
        }
        made += len / LANES;
    }
}
