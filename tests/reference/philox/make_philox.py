"""Raw words of numpy.random.Philox for several keys and counters.

Run: python make_philox.py > philox.csv   (numpy 2.4.6)
Each row: key (seed, member), counter (domain, entity, step) with its first word zero, the index of the word, the word.
"""
import numpy as np

CASES = [
    ((0, 0), (0, 0, 0)),
    ((1, 0), (0, 0, 0)),
    ((0, 1), (0, 0, 0)),
    ((0, 0), (1, 0, 0)),
    ((0, 0), (0, 1, 0)),
    ((0, 0), (0, 0, 1)),
    ((20130101, (7 << 32) | 3), (0x9E3779B97F4A7C15, 0xD1B54A32D192ED03, 131)),
    ((2**64 - 1, 2**64 - 1), (2**64 - 1, 2**64 - 1, 2**64 - 1)),
    ((12345678901234567890, 42), (11, 9876543210987654321, 2**40 + 5)),
]
WORDS = 18

print("seed,member,domain,entity,step,index,word")
for key, counter in CASES:
    generator = np.random.Philox(
        key=np.array(key, dtype=np.uint64), counter=np.array((0, *counter), dtype=np.uint64)
    )
    for index, word in enumerate(generator.random_raw(WORDS)):
        print(*key, *counter, index, word, sep=",")
