//! Streams against `numpy.random.Philox`, word for word, and lanes against streams, bit for bit.

use oxus_math::isa::{self, Level};
use oxus_random::{Key, LANES, Stream, normals_lanes, to_open_unit, uniforms_lanes};
use proptest::prelude::*;

#[test]
fn words_are_numpys() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/philox/philox.csv");
    let mut reader = csv::Reader::from_path(path).expect("the reference file is in the repository");
    let mut compared = 0;
    let mut current: Option<([u64; 5], Stream)> = None;
    for record in reader.records() {
        let row: Vec<u64> = record.expect("a row").iter().map(|field| field.parse().expect("a word")).collect();
        let name: [u64; 5] = row[..5].try_into().expect("five words name a stream");
        let key = Key { seed: name[0], member: name[1] };
        if current.as_ref().is_none_or(|(previous, _)| *previous != name) {
            current = Some((name, Stream::new(key, name[2], name[3], name[4])));
        }
        let (_, stream) = current.as_mut().expect("set above");
        assert_eq!(stream.next_u64(), row[6], "stream {name:?}, word {}", row[5]);
        let block = Stream::block(key, [row[5] / 4, name[2], name[3], name[4]]);
        assert_eq!(block[(row[5] % 4) as usize], row[6], "stream {name:?}, word {}, by block", row[5]);
        compared += 1;
    }
    assert_eq!(compared, 9 * 18);
}

#[test]
fn uniforms_stay_inside_the_open_interval() {
    assert_eq!(to_open_unit(0), f64::EPSILON / 2.0);
    assert_eq!(to_open_unit(u64::MAX), 1.0 - f64::EPSILON / 2.0);
    assert_eq!(to_open_unit(1 << 63), 0.5 + f64::EPSILON / 2.0);
    for word in [1u64, 12345, 1 << 40, 0x9e37_79b9_7f4a_7c15] {
        assert_eq!(to_open_unit(word) + to_open_unit(!word), 1.0);
    }
}

#[test]
fn filling_is_asking_one_by_one() {
    let stream = Stream::new(Key::new(7, 1, 2), 3, 4, 5);
    let (mut one, mut many) = (stream.clone(), stream);
    let mut uniforms = [0.0; 7];
    many.fill_uniform(&mut uniforms);
    assert_eq!(uniforms, std::array::from_fn(|_| one.uniform()));
    // An odd count leaves a spare normal, which must come next.
    let mut normals = [0.0; 5];
    many.fill_normal(&mut normals);
    assert_eq!(normals, std::array::from_fn(|_| one.normal()));
    assert_eq!(many.normal(), one.normal());
    assert_eq!(many.exponential(), one.exponential());
}

proptest! {
    #[test]
    fn lanes_equal_streams_at_every_width(
        seed: u64,
        members in prop::array::uniform8(any::<u64>()),
        domain: u64,
        entities in prop::collection::vec(any::<u64>(), 0..6),
        step: u64,
        per_entity in 0usize..11,
    ) {
        let keys = members.map(|member| Key { seed, member });
        for level in Level::ALL {
            isa::limit(level);
            let mut uniforms = vec![f64::NAN; entities.len() * per_entity * LANES];
            let mut normals = uniforms.clone();
            uniforms_lanes(&keys, domain, &entities, step, per_entity, &mut uniforms);
            normals_lanes(&keys, domain, &entities, step, per_entity, &mut normals);
            for (e, &entity) in entities.iter().enumerate() {
                for (lane, &key) in keys.iter().enumerate() {
                    let mut for_uniforms = Stream::new(key, domain, entity, step);
                    let mut for_normals = for_uniforms.clone();
                    for w in 0..per_entity {
                        let at = (e * per_entity + w) * LANES + lane;
                        prop_assert_eq!(uniforms[at].to_bits(), for_uniforms.uniform().to_bits());
                        prop_assert_eq!(normals[at].to_bits(), for_normals.normal().to_bits());
                    }
                }
            }
        }
    }
}
