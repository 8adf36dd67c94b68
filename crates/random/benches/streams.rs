//! Nanoseconds per random number: streams one at a time and eight lanes at once, at each instruction set.
//!
//! Run: `cargo bench -p oxus-random`.
#![allow(missing_docs)]

use divan::{Bencher, black_box, counter::ItemsCount};
use oxus_math::isa::{self, Level};
use oxus_random::{Key, LANES, Stream, normals_lanes, scrambled_uniform, uniforms_lanes};

const ENTITIES: usize = 64;

fn keys() -> [Key; LANES] {
    std::array::from_fn(|lane| Key::new(1, lane as u32, 0))
}

#[divan::bench(args = [1, 4])]
fn stream_uniforms(bencher: Bencher, per_entity: usize) {
    bencher.counter(ItemsCount::new(per_entity)).bench_local(|| {
        let mut stream = Stream::new(Key::new(1, 2, 3), 4, black_box(5), 6);
        (0..per_entity).map(|_| stream.uniform()).sum::<f64>()
    });
}

#[divan::bench(args = [1, 4])]
fn stream_normals(bencher: Bencher, per_entity: usize) {
    bencher.counter(ItemsCount::new(per_entity)).bench_local(|| {
        let mut stream = Stream::new(Key::new(1, 2, 3), 4, black_box(5), 6);
        (0..per_entity).map(|_| stream.normal()).sum::<f64>()
    });
}

#[divan::bench(args = Level::ALL, consts = [1, 4])]
fn lane_uniforms<const PER_ENTITY: usize>(bencher: Bencher, level: Level) {
    isa::limit(level);
    let entities: Vec<u64> = (0..ENTITIES as u64).collect();
    let mut out = vec![0.0; ENTITIES * PER_ENTITY * LANES];
    bencher.counter(ItemsCount::new(out.len())).bench_local(|| uniforms_lanes(&keys(), 2, black_box(&entities), 3, PER_ENTITY, &mut out));
}

#[divan::bench(args = Level::ALL, consts = [1, 4])]
fn lane_normals<const PER_ENTITY: usize>(bencher: Bencher, level: Level) {
    isa::limit(level);
    let entities: Vec<u64> = (0..ENTITIES as u64).collect();
    let mut out = vec![0.0; ENTITIES * PER_ENTITY * LANES];
    bencher.counter(ItemsCount::new(out.len())).bench_local(|| normals_lanes(&keys(), 2, black_box(&entities), 3, PER_ENTITY, &mut out));
}

#[divan::bench]
fn scrambled() -> f64 {
    scrambled_uniform(black_box(1), black_box(2), black_box(3))
}

fn main() {
    divan::main();
}
