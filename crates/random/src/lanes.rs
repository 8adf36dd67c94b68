//! Streams of eight members at once, for many entities: the same numbers as [`Stream`](crate::Stream), several times faster.

use crate::philox::{Key, blocks, high_product_parts, high_product_wide};
use crate::stream::{box_muller, to_open_unit};
use oxus_math::isa::{Level, level};

/// Members that advance together; one AVX-512 register of `f64`.
pub const LANES: usize = 8;

/// One word of each lane's block.
type Row = [u64; LANES];

/// Calls `write(part, words)` for every block of every entity; `part` is the stretch of `out` the four words go to, shorter in an entity's last block.
#[inline(always)]
#[allow(clippy::too_many_arguments)] // the name of a stream, and where it goes
fn for_each_block(
    keys: &[Key; LANES],
    domain: u64,
    entities: &[u64],
    step: u64,
    per_entity: usize,
    out: &mut [f64],
    high_product: impl Fn(u64, u64) -> u64 + Copy,
    write: impl Fn(&mut [f64], &[Row; 4]),
) {
    let seeds = keys.map(|key| key.seed);
    let members = keys.map(|key| key.member);
    for (&entity, row) in entities
        .iter()
        .zip(out.chunks_exact_mut(per_entity * LANES))
    {
        for (block, part) in row.chunks_mut(4 * LANES).enumerate() {
            // Blocks count from 1; see `Stream`.
            let counters = [
                [block as u64 + 1; LANES],
                [domain; LANES],
                [entity; LANES],
                [step; LANES],
            ];
            write(part, &blocks(counters, &seeds, &members, high_product));
        }
    }
}

#[inline(always)]
fn write_uniforms(part: &mut [f64], words: &[Row; 4]) {
    for (out, row) in part.chunks_exact_mut(LANES).zip(words) {
        for lane in 0..LANES {
            out[lane] = to_open_unit(row[lane]);
        }
    }
}

#[inline(always)]
fn write_normals(part: &mut [f64], words: &[Row; 4]) {
    for (out, pair) in part.chunks_mut(2 * LANES).zip(words.chunks_exact(2)) {
        let mut normals = [[0.0; LANES]; 2];
        for lane in 0..LANES {
            (normals[0][lane], normals[1][lane]) =
                box_muller(to_open_unit(pair[0][lane]), to_open_unit(pair[1][lane]));
        }
        for (out, row) in out.chunks_exact_mut(LANES).zip(&normals) {
            out.copy_from_slice(row);
        }
    }
}

oxus_math::dispatch! {
    fn uniforms_vector(keys: &[Key; LANES], domain: u64, entities: &[u64], step: u64, per_entity: usize, out: &mut [f64]) {
        for_each_block(keys, domain, entities, step, per_entity, out, high_product_parts, write_uniforms);
    }
}

oxus_math::dispatch! {
    fn normals_vector(keys: &[Key; LANES], domain: u64, entities: &[u64], step: u64, per_entity: usize, out: &mut [f64]) {
        for_each_block(keys, domain, entities, step, per_entity, out, high_product_parts, write_normals);
    }
}

fn check_length(out: &[f64], entities: usize, per_entity: usize) {
    assert_eq!(
        out.len(),
        entities * per_entity * LANES,
        "internal: the output holds [entity][number][lane]"
    );
}

/// Uniforms of eight members for many entities, laid out `[entity][word][lane]`.
///
/// `out[(e * words_per_entity + w) * LANES + l]` is uniform number `w` of `Stream::new(keys[l], domain, entities[e], step)`, to the bit. A block of
/// four words costs as much as one word of it, so ask for what one entity needs in one call. The length of `out` must be
/// `entities.len() * words_per_entity * LANES`.
pub fn uniforms_lanes(
    keys: &[Key; LANES],
    domain: u64,
    entities: &[u64],
    step: u64,
    words_per_entity: usize,
    out: &mut [f64],
) {
    check_length(out, entities.len(), words_per_entity);
    if words_per_entity == 0 {
        return;
    }
    if level() == Level::Baseline {
        // Two 64-bit multiplications in SSE2 cost more than the processor's own.
        for_each_block(
            keys,
            domain,
            entities,
            step,
            words_per_entity,
            out,
            high_product_wide,
            write_uniforms,
        );
    } else {
        uniforms_vector(keys, domain, entities, step, words_per_entity, out);
    }
}

/// Standard normals of eight members for many entities, laid out `[entity][normal][lane]`.
///
/// `out[(e * normals_per_entity + w) * LANES + l]` is normal number `w` of `Stream::new(keys[l], domain, entities[e], step)`, to the bit. Four normals
/// cost little more than one. The length of `out` must be `entities.len() * normals_per_entity * LANES`.
pub fn normals_lanes(
    keys: &[Key; LANES],
    domain: u64,
    entities: &[u64],
    step: u64,
    normals_per_entity: usize,
    out: &mut [f64],
) {
    check_length(out, entities.len(), normals_per_entity);
    if normals_per_entity == 0 {
        return;
    }
    if level() == Level::Baseline {
        for_each_block(
            keys,
            domain,
            entities,
            step,
            normals_per_entity,
            out,
            high_product_wide,
            write_normals,
        );
    } else {
        normals_vector(keys, domain, entities, step, normals_per_entity, out);
    }
}
