"""Texts that a partner may write, each with a reason to be here; every engine must hand every one of them back."""

from collections.abc import Mapping

LONG = " ".join(
    f"Gruppe {n}: Mo–Fr 9–17 Uhr, Anmeldung über das Sekretariat (Frau Öztürk)." for n in range(1, 100)
)
LINES = "\n".join(f"Zeile {n:03}: {'x' * 38}" for n in range(100))

TEXTS: Mapping[str, str] = {
    "German": "Größe, Maße, Übergänge – „Zuhause“ für Ältere; 2,50 €",
    "Turkish": "İstanbul Danışma Merkezi, Şişli: çığ, ığdır, Ağrı",
    "Polish": "Łódź, Poradnia Zdrowia Psychicznego, źdźbło, ąęćńó",
    "Czech": "Příliš žluťoučký kůň úpěl ďábelské ódy",
    "Vietnamese": "Trung tâm tư vấn sức khỏe tâm thần, Nguyễn Thị Hường",
    "Cyrillic": "Центр психического здоровья «Надежда», Їжак, ґанок",
    "Greek": "Κέντρο Ψυχικής Υγείας, ΐ ΰ ώ",
    "Arabic": "مركز الصحة النفسية، برلين",
    "Kurdish, Latin letters": "Navenda şêwirmendiyê ya Kurdî, çîrok û êş",
    "Kurdish, Arabic letters": "ناوەندی ڕاوێژکاری دەروونی، هەولێر",
    "emoji": "Treffpunkt 😀 offen 🏠 (👩\u200d⚕️)",
    "decomposed accents": "Mu\u0308nchen, Ko\u0308ln",
    "formula": "=SUMME(A1)",
    "formula with a call": '=HYPERLINK("http://example.org";"hier")',
    "backslashes and parentheses": r"C:\Ablage\neu (alt) \\ ) ( <a> & 100 %",
    "leading and trailing spaces": "  eingerückt und danach  ",
    "only digits, with zeros": "007",
    "newlines": "Erste Zeile\nZweite Zeile\n\nnach einer Leerzeile",
    "trailing newline": "Zeile mit Enter am Ende\n",
    "tab": "Spalte 1\tSpalte 2",
    "non-breaking space": "10\u00a0km, 2\u202f000 €",
    "5,000 characters": LONG[:5000],
    "5,000 characters in lines": LINES.ljust(5000, "."),
}
