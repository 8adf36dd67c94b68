//! A block forgets: the same case run twice on it, with another case between, gives the same bits in every variable.

mod common;

use common::{model, region};
use oxus_engine::quantities::Quantities;
use oxus_engine::{Case, belief::Beliefs};
use oxus_kernel::{Block, LANES, PhiloxNoise, Recording};
use oxus_random::Key;

#[test]
fn nothing_of_one_run_reaches_the_next() {
    let region = region();
    let model = model(&region);
    let quantities = Quantities::find(&region, &model, &Case::default()).unwrap_or_else(|p| panic!("{}", p.into_sorted()[0].headline));
    let (values, strengths) = (quantities.draw(1, 0), Beliefs::of(&region, &model, None).draw(1, 0));
    let cells: Vec<(usize, u32)> =
        (0..model.variable_names().count()).flat_map(|v| (0..model.axis_of(v).len() as u32).map(move |e| (v, e))).collect();
    let recording = Recording { cells };
    let mut block = Block::new(&model);
    let load = |block: &mut Block<'_>, seed: u64| {
        block.set_keys(std::array::from_fn(|lane| Key::new(seed, 0, lane as u32)));
        for lane in 0..LANES {
            quantities.place(&values, |p, e, x| block.set_parameter(p, e, lane, x));
            strengths.iter().enumerate().for_each(|(l, s)| block.set_strength(l, lane, *s));
        }
    };
    load(&mut block, 1);
    let first = block.run(&[], &recording, &PhiloxNoise);
    load(&mut block, 2);
    let s001 = Case::parse("S001+S008", &region).expect("a case");
    let other = model.resolve(&s001.patches(&region, model.world())).expect("resolves");
    block.run(&other, &recording, &PhiloxNoise);
    load(&mut block, 1);
    let again = block.run(&[], &recording, &PhiloxNoise);
    let width = recording.cells.len() * LANES;
    let mut different: Vec<String> = Vec::new();
    for (month, (a, b)) in first.record.chunks_exact(width).zip(again.record.chunks_exact(width)).enumerate() {
        for (i, (x, y)) in a.iter().zip(b).enumerate() {
            if x.to_bits() != y.to_bits() && different.len() < 12 {
                let (v, e) = recording.cells[i / LANES];
                different.push(format!(
                    "month {month}: {}[{}] lane {}: {x} then {y}",
                    model.spec(v).name,
                    model.axis_of(v).entities[e as usize],
                    i % LANES
                ));
            }
        }
    }
    assert!(different.is_empty(), "a run leaves traces:\n{}", different.join("\n"));
}
