//! Which column is which: by the names that spreadsheets of our cities give them, in any order.

use crate::sheet;

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

impl sheet::Column for Column {
    const ALL: &'static [Self] = &[
        Self::Id,
        Self::Name,
        Self::Email,
        Self::Team,
        Self::ManagerEmail,
        Self::Grade,
        Self::Languages,
        Self::WorkingPattern,
    ];

    fn name(self) -> &'static str {
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

    fn required(self) -> bool {
        matches!(self, Self::Id | Self::Name | Self::Email | Self::Team)
    }

    /// The names it goes by, as [`sheet::plain`] leaves them: English, Dutch, Spanish, Korean.
    #[rustfmt::skip]
    fn aliases(self) -> &'static [&'static str] {
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

    fn place(self) -> usize {
        self as usize
    }
}
