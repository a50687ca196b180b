//! Which column is which: by the names that spreadsheets of our cities give them, in any order.

use crate::{Problem, RowError};

use super::list;

/// A column of the staff list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Id,
    Name,
    Email,
    Team,
    ManagerEmail,
    Grade,
    Languages,
    WorkingPattern,
}

impl Column {
    pub(super) const ALL: [Self; 8] = [
        Self::Id,
        Self::Name,
        Self::Email,
        Self::Team,
        Self::ManagerEmail,
        Self::Grade,
        Self::Languages,
        Self::WorkingPattern,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::Email => "email",
            Self::Team => "team",
            Self::ManagerEmail => "manager_email",
            Self::Grade => "grade",
            Self::Languages => "languages",
            Self::WorkingPattern => "working_pattern",
        }
    }

    pub(super) const fn required(self) -> bool {
        matches!(self, Self::Id | Self::Name | Self::Email | Self::Team)
    }

    /// The names it goes by, as [`plain`] leaves them: English, Dutch, Spanish, Korean.
    #[rustfmt::skip]
    const fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Id => &[
                "id", "staffno", "staffid", "staffnumber", "employeeid", "employeenumber", "employeeno", "personnelnumber", "personnelno",
                "personeelsnummer", "personeelsnr", "medewerkernummer", "medewerkernr",
                "legajo", "número", "numero", "númerodeempleado", "numerodeempleado", "nómina",
                "사번", "직원번호", "공무원번호", "행정번호",
            ],
            Self::Name => &[
                "name", "fullname", "naam", "volledigenaam", "nombre", "nombrecompleto", "nombreyapellido", "nombreyapellidos",
                "이름", "성명",
            ],
            Self::Email => &[
                "email", "mail", "emailaddress", "mailaddress", "emailadres", "mailadres", "correo", "correoelectrónico", "correoelectronico",
                "이메일", "이메일주소", "메일", "전자우편",
            ],
            Self::Team => &[
                "team", "teampath", "unit", "department", "organisation", "organization", "afdeling", "organisatieonderdeel",
                "equipo", "área", "area", "unidad", "departamento", "dependencia", "부서", "소속", "팀",
            ],
            Self::ManagerEmail => &[
                "manageremail", "manageremailaddress", "managersemail", "manager", "linemanager", "linemanageremail", "supervisor", "supervisoremail",
                "leidinggevende", "emailleidinggevende", "leidinggevendeemail", "jefatura", "jefe", "correojefatura", "correodelajefatura", "correodeljefe",
                "상급자", "상급자이메일", "관리자", "관리자이메일", "팀장이메일",
            ],
            Self::Grade => &["grade", "scale", "schaal", "functieschaal", "grado", "categoría", "categoria", "직급", "급수"],
            Self::Languages => &["languages", "language", "talen", "taal", "idiomas", "idioma", "언어", "구사언어"],
            Self::WorkingPattern => &[
                "workingpattern", "workpattern", "workinghours", "workingdays", "werkpatroon", "werkdagen", "rooster",
                "jornada", "horario", "근무형태", "근무유형", "근무요일",
            ],
        }
    }
}

/// A heading without capitals, spaces and signs: “E-mail” is “email”.
pub(crate) fn plain(heading: &str) -> String {
    heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Where each column stands.
#[derive(Debug)]
pub(super) struct Layout {
    at: [Option<usize>; 8],
    pub(super) width: usize,
}

impl Layout {
    /// Reads the header.
    pub(super) fn of(header: &[String], line: u64) -> Result<Self, Vec<RowError>> {
        let plain: Vec<String> = header.iter().map(|h| plain(h)).collect();
        let mut layout = Self { at: [None; 8], width: header.len() };
        let mut errors = Vec::new();
        for (column, at) in Column::ALL.into_iter().zip(&mut layout.at) {
            let mut found = (0..header.len()).filter(|i| column.aliases().contains(&plain[*i].as_str()));
            *at = found.next();
            let others: Vec<usize> = found.collect();
            let problem = match *at {
                None if column.required() => {
                    Problem::MissingColumn { name: column.name(), there: list(header.iter().cloned()) }
                }
                Some(first) if !others.is_empty() => {
                    Problem::DoubleColumn(list([first].iter().chain(&others).map(|i| header[*i].clone())))
                }
                _ => continue,
            };
            errors.push(RowError::at(line, problem).column(column.name()));
        }
        if errors.is_empty() { Ok(layout) } else { Err(errors) }
    }

    /// A cell of a row; empty when the file has no such column.
    pub(super) fn cell<'r>(&self, cells: &'r [String], column: Column) -> &'r str {
        self.at[column as usize].and_then(|at| cells.get(at)).map(String::as_str).unwrap_or_default()
    }
}

/// Comma, semicolon or tab: whichever the header has most of, outside quotation marks.
pub(crate) fn separator(text: &str) -> u8 {
    let (mut counts, mut quoted) = ([(b',', 0), (b';', 0), (b'\t', 0)], false);
    for byte in text.trim_start_matches(['\r', '\n']).bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(separator, _)| *separator == byte).for_each(|(_, count)| *count += 1),
        }
    }
    let [comma, others @ ..] = counts;
    others.into_iter().fold(comma, |best, other| if other.1 > best.1 { other } else { best }).0
}
