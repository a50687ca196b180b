//! An address as a QR code: dark squares in rows. Reads from a metre away and with a sixth of it torn off (level M).

use qrcodegen::{QrCode, QrCodeEcc};

use crate::Refusal;

/// The dark parts of a code.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    /// How many squares a side has.
    pub(crate) squares: u16,
    /// Dark runs: row, where they begin, how long they are.
    pub(crate) runs: Vec<(u16, u16, u16)>,
}

/// The code of an address.
pub(crate) fn code(address: &str) -> Result<Code, Refusal> {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).map_err(|_| Refusal::NoCode)?;
    let squares = u16::try_from(code.size()).map_err(|_| Refusal::NoCode)?;
    let mut runs = Vec::new();
    for row in 0..squares {
        let mut at = 0;
        while at < squares {
            let long = (at..squares).take_while(|x| code.get_module(i32::from(*x), i32::from(row))).count();
            let long = u16::try_from(long).map_err(|_| Refusal::NoCode)?;
            if long > 0 {
                runs.push((row, at, long));
            }
            at += long.max(1);
        }
    }
    Ok(Code { squares, runs })
}
