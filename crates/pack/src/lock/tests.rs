use super::{FILE, content_hash, lock};

const FILES: [(&str, &[u8]); 2] = [("pack.toml", b"id = \"a\"\n"), ("places/states.csv", b"id\nKAZ\n")];

#[test]
fn the_hash_of_one_file_is_sha256_of_its_listing() {
    // sha256("abc") from FIPS 180-2, appendix B.1; the outer hash from `printf '…  a\n' | sha256sum` (coreutils 9).
    let inner = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let text = lock([("a", b"abc".as_slice())]);
    assert!(text.contains(&format!("\"a\" = \"{inner}\"")), "{text}");
    assert_eq!(content_hash([("a", b"abc".as_slice())]), OUTER);
}

/// `printf '%s a\n' ba7816…15ad | sha256sum`.
const OUTER: &str = "f558893557ef8db5b3b643b8d470746c03217e6e78870cf099dcc84a5e67c255";

#[test]
fn order_line_ends_and_the_lock_itself_do_not_count() {
    let hash = content_hash(FILES);
    assert_eq!(hash, content_hash([FILES[1], FILES[0]]));
    assert_eq!(hash, content_hash([FILES[0], FILES[1], (FILE, b"hash = \"x\"".as_slice())]));
    assert_eq!(hash, content_hash([FILES[0], (FILES[1].0, b"id\r\nKAZ\r\n".as_slice())]));
}

#[test]
fn content_and_path_count() {
    let hash = content_hash(FILES);
    assert_ne!(hash, content_hash([FILES[0], (FILES[1].0, b"id\nKGZ\n".as_slice())]));
    assert_ne!(hash, content_hash([FILES[0], ("places/state.csv", FILES[1].1)]));
    assert!(lock(FILES).contains(&hash));
}
