//! Philox4x64-10, the counter-based generator of J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3",
//! SC11 (2011).

const MULTIPLIER_0: u64 = 0xd2e7_470e_e14c_6c93;
const MULTIPLIER_1: u64 = 0xca5a_8263_9512_1157;
const WEYL_0: u64 = 0x9e37_79b9_7f4a_7c15;
const WEYL_1: u64 = 0xbb67_ae85_84ca_a73b;
const ROUNDS: usize = 10;

/// The key of a member's streams: the seed of the run and the member within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Seed of the run.
    pub seed: u64,
    /// Draw (high 32 bits) and replicate (low 32 bits).
    pub member: u64,
}

impl Key {
    /// The key of one member: parameter draw `draw`, chance events `replicate`.
    #[inline]
    pub const fn new(seed: u64, draw: u32, replicate: u32) -> Self {
        Self {
            seed,
            member: (draw as u64) << 32 | replicate as u64,
        }
    }
}

/// High half of the 128-bit product, by the processor's widening multiplication.
#[inline(always)]
pub(crate) fn high_product_wide(a: u64, b: u64) -> u64 {
    ((u128::from(a) * u128::from(b)) >> 64) as u64
}

/// High half of the 128-bit product from 32-bit parts, which vector units have. Equal to [`high_product_wide`].
#[inline(always)]
pub(crate) fn high_product_parts(a: u64, b: u64) -> u64 {
    const LOW: u64 = 0xffff_ffff;
    let (a_low, a_high) = (a & LOW, a >> 32);
    let (b_low, b_high) = (b & LOW, b >> 32);
    let middle = a_high * b_low + ((a_low * b_low) >> 32);
    let carry = a_low * b_high + (middle & LOW);
    a_high * b_high + (middle >> 32) + (carry >> 32)
}

/// `N` blocks at once: word `w` of block `n` is `counters[w][n]`, its key `(seeds[n], members[n])`.
#[inline(always)]
pub(crate) fn blocks<const N: usize>(
    mut counters: [[u64; N]; 4],
    seeds: &[u64; N],
    members: &[u64; N],
    high_product: impl Fn(u64, u64) -> u64,
) -> [[u64; N]; 4] {
    let (mut weyl_0, mut weyl_1) = (0u64, 0u64);
    for _ in 0..ROUNDS {
        for n in 0..N {
            let [c0, c1, c2, c3] = [
                counters[0][n],
                counters[1][n],
                counters[2][n],
                counters[3][n],
            ];
            counters[0][n] = high_product(MULTIPLIER_1, c2) ^ c1 ^ seeds[n].wrapping_add(weyl_0);
            counters[1][n] = MULTIPLIER_1.wrapping_mul(c2);
            counters[2][n] = high_product(MULTIPLIER_0, c0) ^ c3 ^ members[n].wrapping_add(weyl_1);
            counters[3][n] = MULTIPLIER_0.wrapping_mul(c0);
        }
        weyl_0 = weyl_0.wrapping_add(WEYL_0);
        weyl_1 = weyl_1.wrapping_add(WEYL_1);
    }
    counters
}

/// One block.
#[inline]
pub(crate) fn block(counter: [u64; 4], key: Key) -> [u64; 4] {
    blocks(
        counter.map(|word| [word]),
        &[key.seed],
        &[key.member],
        high_product_wide,
    )
    .map(|[word]| word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Known-answer vectors of the authors' Random123 library (philox4x64-10): all zero, all ones.
    #[test]
    fn known_answers() {
        assert_eq!(
            block([0; 4], Key { seed: 0, member: 0 }),
            [
                0x1655_4d9e_ca36_314c,
                0xdb20_fe9d_672d_0fdc,
                0xd7e7_72ce_e186_176b,
                0x7e68_b68a_ec7b_a23b
            ]
        );
        assert_eq!(
            block(
                [u64::MAX; 4],
                Key {
                    seed: u64::MAX,
                    member: u64::MAX
                }
            ),
            [
                0x87b0_92c3_013f_e90b,
                0x438c_3c67_be8d_0224,
                0x9cc7_d7c6_9cd7_77b6,
                0xa09c_aebf_594f_0ba0
            ]
        );
    }

    #[test]
    fn the_key_packs_draw_and_replicate() {
        assert_eq!(
            Key::new(5, 2, 3),
            Key {
                seed: 5,
                member: 0x2_0000_0003
            }
        );
        assert_eq!(Key::new(5, u32::MAX, u32::MAX).member, u64::MAX);
    }

    proptest! {
        #[test]
        fn both_products_agree(a: u64, b: u64) {
            prop_assert_eq!(high_product_parts(a, b), high_product_wide(a, b));
        }
    }
}
