//! The part of the tar format (POSIX ustar) that a bundle needs, each header in the one way in which
//! we write it.

use std::io::{self, Read};

const BLOCK: usize = 512;
/// What stands behind the last file.
pub(super) const END: [u8; 2 * BLOCK] = [0; 2 * BLOCK];
/// The longest path.
const PATH: usize = 100;

/// A file with its header and what fills its last block.
pub(super) fn entry(path: &str, content: &[u8]) -> Vec<u8> {
    let size = u64::try_from(content.len()).unwrap_or(u64::MAX);
    let mut bytes = header(path.as_bytes(), size).to_vec();
    bytes.extend(content);
    bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    bytes
}

fn header(path: &[u8], size: u64) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| {
        if let Some(part) = block.get_mut(at..at + bytes.len()) {
            part.copy_from_slice(bytes);
        }
    };
    put(0, path);
    put(PATH, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    // The sum is taken with blanks in its place.
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().copied().map(u32::from).sum();
    if let Some(part) = block.get_mut(148..156) {
        part.copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
    block
}

/// What comes next in a tar file.
pub(super) enum Next {
    /// A file of this path and size.
    File(String, u64),
    /// The end, and nothing behind it.
    End,
}

/// Reads the next header.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] where it is not written as we write it.
pub(super) fn next(from: &mut impl Read) -> io::Result<Next> {
    let mut block = [0; BLOCK];
    from.read_exact(&mut block)?;
    if block == [0; BLOCK] {
        from.read_exact(&mut block)?;
        let more = from.read(&mut [0])?;
        return match block == [0; BLOCK] && more == 0 {
            true => Ok(Next::End),
            false => Err(damaged()),
        };
    }
    let path: Vec<u8> = block[..PATH]
        .iter()
        .copied()
        .take_while(|b| *b != 0)
        .collect();
    let size = std::str::from_utf8(&block[124..135]).ok();
    let size = size.and_then(|size| u64::from_str_radix(size, 8).ok());
    let size = size.ok_or_else(damaged)?;
    if header(&path, size) != block {
        return Err(damaged());
    }
    let path = String::from_utf8(path).map_err(|_| damaged())?;
    Ok(Next::File(path, size))
}

/// Reads what fills the last block of a file.
///
/// # Errors
/// As [`next`].
pub(super) fn rest(from: &mut impl Read, size: u64) -> io::Result<()> {
    let block = u64::try_from(BLOCK).unwrap_or(u64::MAX);
    let many = size.next_multiple_of(block) - size;
    let mut filling = Vec::new();
    from.take(many).read_to_end(&mut filling)?;
    let whole = u64::try_from(filling.len()) == Ok(many);
    match whole && filling.iter().all(|byte| *byte == 0) {
        true => Ok(()),
        false => Err(damaged()),
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the tar file is damaged")
}
