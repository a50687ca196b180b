//! A ZIP archive (APPNOTE 6.3.10), as little of it as a project needs: files with UTF-8 names, deflated, without times, so that
//! the same notes make the same bytes. Written here because an archive crate is larger than what we need of it.

use std::io::{self, Write as _};

use flate2::{Compression, Crc, write::DeflateEncoder};

/// Version 2.0: deflate.
const NEEDED: u16 = 20;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
const DEFLATED: u16 = 8;
/// 1 January 1980, the first day it knows.
const DAY: u16 = 0x21;

/// An archive that is being written.
#[derive(Debug, Default)]
pub(crate) struct Archive {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    files: u16,
}

fn too_large<E>(_: E) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, "the archive is larger than 4 GB or has too many files")
}

fn put16(to: &mut Vec<u8>, values: &[u16]) {
    for value in values {
        to.extend_from_slice(&value.to_le_bytes());
    }
}

fn put32(to: &mut Vec<u8>, values: &[u32]) {
    for value in values {
        to.extend_from_slice(&value.to_le_bytes());
    }
}

impl Archive {
    /// Adds a file.
    pub(crate) fn add(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        let mut crc = Crc::new();
        crc.update(content);
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::default());
        packer.write_all(content)?;
        let packed = packer.finish()?;
        let sizes = [
            crc.sum(),
            u32::try_from(packed.len()).map_err(too_large)?,
            u32::try_from(content.len()).map_err(too_large)?,
        ];
        let at = u32::try_from(self.bytes.len()).map_err(too_large)?;
        let length = u16::try_from(name.len()).map_err(too_large)?;
        self.files = self.files.checked_add(1).ok_or(()).map_err(too_large)?;

        put32(&mut self.bytes, &[0x0403_4b50]);
        put16(&mut self.bytes, &[NEEDED, UTF8, DEFLATED, 0, DAY]);
        put32(&mut self.bytes, &sizes);
        put16(&mut self.bytes, &[length, 0]);
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.extend_from_slice(&packed);

        put32(&mut self.directory, &[0x0201_4b50]);
        put16(&mut self.directory, &[NEEDED, NEEDED, UTF8, DEFLATED, 0, DAY]);
        put32(&mut self.directory, &sizes);
        // No extra field, no comment, first disk, no attributes.
        put16(&mut self.directory, &[length, 0, 0, 0, 0]);
        put32(&mut self.directory, &[0, at]);
        self.directory.extend_from_slice(name.as_bytes());
        Ok(())
    }

    /// The whole archive.
    pub(crate) fn finish(mut self) -> io::Result<Vec<u8>> {
        let at = u32::try_from(self.bytes.len()).map_err(too_large)?;
        let size = u32::try_from(self.directory.len()).map_err(too_large)?;
        self.bytes.append(&mut self.directory);
        put32(&mut self.bytes, &[0x0605_4b50]);
        put16(&mut self.bytes, &[0, 0, self.files, self.files]);
        put32(&mut self.bytes, &[size, at]);
        put16(&mut self.bytes, &[0]);
        Ok(self.bytes)
    }
}
