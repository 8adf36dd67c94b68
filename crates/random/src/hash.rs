//! Hashes that turn names into stream keys. They are part of the results: changing them changes every run.

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;
/// 2^64 / golden ratio, the step of SplitMix64.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014; variant 13 of Stafford): a bijection in which every input bit moves every output bit.
#[inline(always)]
pub(crate) const fn finalise(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Hash of a name: FNV-1a over its bytes, then the finaliser of SplitMix64, because FNV alone mixes the last bytes badly.
///
/// Not for untrusted input in a table. Usable in constants.
pub const fn hash64(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut hash = FNV_OFFSET;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(FNV_PRIME);
        i += 1;
    }
    finalise(hash)
}

/// Combines two words into one; the order matters. For a fixed `a` it is a bijection of `b`, and the other way round.
#[inline(always)]
pub const fn mix64(a: u64, b: u64) -> u64 {
    finalise((finalise(a.wrapping_add(GOLDEN)) ^ b).wrapping_add(GOLDEN))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FNV-1a of "" and "a" are published test values; the finaliser of 1 x GOLDEN is the first output of SplitMix64 seeded with 0.
    #[test]
    fn published_values() {
        assert_eq!(hash64(""), finalise(0xcbf2_9ce4_8422_2325));
        assert_eq!(hash64("a"), finalise(0xaf63_dc4c_8601_ec8c));
        assert_eq!(finalise(GOLDEN), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn mixing_is_ordered_and_injective_in_each_argument() {
        assert_ne!(mix64(1, 2), mix64(2, 1));
        let mut seen: Vec<u64> = (0..1000).flat_map(|i| [mix64(i, 7), mix64(7, i)]).collect();
        seen.sort_unstable();
        seen.dedup();
        // mix64(7, 7) occurs twice.
        assert_eq!(seen.len(), 1999);
    }

    /// Flipping one input bit flips each output bit with chance near one half: 64 x 256 trials per output bit have a standard error of 0.004;
    /// 0.02 is five of them.
    #[test]
    fn avalanche() {
        for argument in 0..2 {
            let mut flips = [0u32; 64];
            for trial in 0..256 {
                let (a, b) = (finalise(trial), finalise(trial + 1000));
                for bit in 0..64 {
                    let flipped = if argument == 0 { mix64(a ^ (1 << bit), b) } else { mix64(a, b ^ (1 << bit)) };
                    let difference = flipped ^ mix64(a, b);
                    for (i, count) in flips.iter_mut().enumerate() {
                        *count += (difference >> i & 1) as u32;
                    }
                }
            }
            for count in flips {
                assert!((f64::from(count) / (64.0 * 256.0) - 0.5).abs() < 0.02);
            }
        }
    }
}
