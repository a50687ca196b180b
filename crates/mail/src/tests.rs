use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
};

use super::{Letter, MailProblem, Route, Server};

const LETTER: Letter<'static> = Letter {
    id: "0198c0de-0000-7000-8000-000000000001",
    to_name: "Søren 김",
    to_email: "soren@city.example",
    subject: "Can Mira go\r\nBcc: everybody@city.example",
    body: "Yes or no?\n.\nA dot alone on its line is part of the letter.",
    calendar: None,
};

/// A mail server for one letter that answers the end of the text with `verdict` and returns what it was told.
async fn one_letter(listener: TcpListener, verdict: &'static str) -> String {
    let (stream, _) = listener.accept().await.expect("connects");
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let (mut told, mut in_text) = (String::new(), false);
    write.write_all(b"220 test\r\n").await.expect("greets");
    while let Some(line) = lines.next_line().await.expect("reads") {
        told.push_str(&line);
        told.push('\n');
        let answer = match line.as_str() {
            "." if in_text => {
                in_text = false;
                verdict
            }
            _ if in_text => continue,
            "DATA" => {
                in_text = true;
                "354 go on"
            }
            "QUIT" => break,
            _ => "250 fine",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await.expect("answers");
    }
    told
}

async fn server() -> (Server, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let route = Route::Url(format!("smtp://{}", listener.local_addr().expect("bound")));
    (Server::new(&route, "Freerange <freerange@city.example>").expect("usable"), listener)
}

#[tokio::test]
async fn a_letter_arrives_whole_and_its_subject_cannot_add_readers() {
    let (server, listener) = server().await;
    let (told, sent) = tokio::join!(one_letter(listener, "250 taken"), async {
        let sent = server.send(LETTER).await;
        drop(server);
        sent
    });
    sent.expect("taken");
    assert!(told.contains("RCPT TO:<soren@city.example>"), "{told}");
    assert!(!told.contains("RCPT TO:<everybody"), "{told}");
    assert!(!told.lines().any(|l| l.starts_with("Bcc:")), "{told}");
    assert!(told.contains("Message-ID: <0198c0de-0000-7000-8000-000000000001@city.example>"), "{told}");
    assert!(told.contains("Auto-Submitted: auto-generated"), "{told}");
    assert!(told.contains("A dot alone"), "{told}");
}

#[tokio::test]
async fn a_file_for_the_calendar_goes_along_as_one() {
    let (server, listener) = server().await;
    let letter = Letter { calendar: Some("BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n"), ..LETTER };
    let (told, sent) = tokio::join!(one_letter(listener, "250 taken"), async {
        let sent = server.send(letter).await;
        drop(server);
        sent
    });
    sent.expect("taken");
    assert!(told.contains("multipart/mixed") && told.contains("text/calendar"), "{told}");
    assert!(told.contains("A dot alone") && told.contains("BEGIN:VCALENDAR"), "{told}");
    assert!(told.contains("freerange.ics"), "{told}");
}

#[tokio::test]
async fn a_refusal_and_an_absence_are_told_apart() {
    let (first, listener) = server().await;
    let (_, sent) = tokio::join!(one_letter(listener, "550 no such mailbox"), async {
        let sent = first.send(LETTER).await;
        drop(first);
        sent
    });
    assert!(matches!(sent, Err(MailProblem::Refused(_))), "{sent:?}");
    let (second, listener) = server().await;
    drop(listener);
    let sent = second.send(LETTER).await;
    assert!(matches!(sent, Err(MailProblem::Away(_))), "{sent:?}");
}

#[test]
fn wrong_addresses_are_refused_at_the_door_without_repeating_a_password() {
    let url = |u: &str| Server::new(&Route::Url(u.to_owned()), "a@city.example").map(|_| ());
    for wrong in ["", "mail.city.example", "http://mail.city.example", "smtp://"] {
        let told = url(wrong);
        assert!(matches!(told, Err(MailProblem::BadRoute)), "{wrong}");
    }
    assert!(url("smtps://freerange:geheim@mail.city.example:465").is_ok());
    let sender = Server::new(&Route::Url("smtp://localhost:25".to_owned()), "nobody");
    assert!(matches!(sender, Err(MailProblem::BadSender)));
    assert!(!format!("{:?}", Route::Url("smtps://u:geheim@h".to_owned())).contains("geheim"));
}
