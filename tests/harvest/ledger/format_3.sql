BEGIN TRANSACTION;
CREATE TABLE decisions (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, base INTEGER, kind TEXT NOT NULL,
        entry TEXT NOT NULL, other TEXT NOT NULL, field TEXT NOT NULL, value NOT NULL, at TEXT NOT NULL);
CREATE TABLE documents (
        sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), run INTEGER NOT NULL REFERENCES runs, size INTEGER NOT NULL);
INSERT INTO "documents" VALUES('04500dc726d8735d3f431561cd2b16cb09a09b367678408bb46808317d0d91f1',1,132084);
INSERT INTO "documents" VALUES('2cd48e00d5e5da71c9aef9dafa52051538af0e14a201adadd35b959a713bc4a5',1,132078);
CREATE TABLE editions (edition TEXT PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, text NOT NULL);
INSERT INTO "editions" VALUES('kks0s94b8',1,'{
 "edition": "kks0s94b8",
 "fields": {
  "cover_organisation": {
   "box": [
    454.0,
    464.776,
    803.89,
    486.776
   ],
   "page": 0
  },
  "cover_p1_id": {
   "box": [
    36.0,
    12.0,
    38.0,
    14.0
   ],
   "page": 0
  },
  "feedback_anmerkung": {
   "box": [
    38.0,
    39.5,
    803.89,
    482.776
   ],
   "page": 3
  },
  "feedback_p1_id": {
   "box": [
    36.0,
    12.0,
    38.0,
    14.0
   ],
   "page": 3
  },
  "praxis_nil": {
   "box": [
    36.0,
    488.8,
    48.0,
    500.8
   ],
   "page": 2
  },
  "praxis_p1_id": {
   "box": [
    36.0,
    12.0,
    38.0,
    14.0
   ],
   "page": 2
  },
  "praxis_r01_einrichtung": {
   "box": [
    66.5,
    376.14,
    556.093,
    457.3
   ],
   "page": 2
  },
  "praxis_r01_kontakt": {
   "box": [
    561.093,
    376.14,
    803.39,
    457.3
   ],
   "page": 2
  },
  "praxis_r02_einrichtung": {
   "box": [
    66.5,
    291.98,
    556.093,
    373.14
   ],
   "page": 2
  },
  "praxis_r02_kontakt": {
   "box": [
    561.093,
    291.98,
    803.39,
    373.14
   ],
   "page": 2
  },
  "praxis_r03_einrichtung": {
   "box": [
    66.5,
    207.82,
    556.093,
    288.98
   ],
   "page": 2
  },
  "praxis_r03_kontakt": {
   "box": [
    561.093,
    207.82,
    803.39,
    288.98
   ],
   "page": 2
  },
  "praxis_r04_einrichtung": {
   "box": [
    66.5,
    123.66,
    556.093,
    204.82
   ],
   "page": 2
  },
  "praxis_r04_kontakt": {
   "box": [
    561.093,
    123.66,
    803.39,
    204.82
   ],
   "page": 2
  },
  "praxis_r05_einrichtung": {
   "box": [
    66.5,
    39.5,
    556.093,
    120.66
   ],
   "page": 2
  },
  "praxis_r05_kontakt": {
   "box": [
    561.093,
    39.5,
    803.39,
    120.66
   ],
   "page": 2
  },
  "wohnheim_nil": {
   "box": [
    36.0,
    488.8,
    48.0,
    500.8
   ],
   "page": 1
  },
  "wohnheim_p1_id": {
   "box": [
    36.0,
    12.0,
    38.0,
    14.0
   ],
   "page": 1
  },
  "wohnheim_r01_einrichtung": {
   "box": [
    66.5,
    376.14,
    556.093,
    457.3
   ],
   "page": 1
  },
  "wohnheim_r01_kontakt": {
   "box": [
    561.093,
    376.14,
    803.39,
    457.3
   ],
   "page": 1
  },
  "wohnheim_r02_einrichtung": {
   "box": [
    66.5,
    291.98,
    556.093,
    373.14
   ],
   "page": 1
  },
  "wohnheim_r02_kontakt": {
   "box": [
    561.093,
    291.98,
    803.39,
    373.14
   ],
   "page": 1
  },
  "wohnheim_r03_einrichtung": {
   "box": [
    66.5,
    207.82,
    556.093,
    288.98
   ],
   "page": 1
  },
  "wohnheim_r03_kontakt": {
   "box": [
    561.093,
    207.82,
    803.39,
    288.98
   ],
   "page": 1
  },
  "wohnheim_r04_einrichtung": {
   "box": [
    66.5,
    123.66,
    556.093,
    204.82
   ],
   "page": 1
  },
  "wohnheim_r04_kontakt": {
   "box": [
    561.093,
    123.66,
    803.39,
    204.82
   ],
   "page": 1
  },
  "wohnheim_r05_einrichtung": {
   "box": [
    66.5,
    39.5,
    556.093,
    120.66
   ],
   "page": 1
  },
  "wohnheim_r05_kontakt": {
   "box": [
    561.093,
    39.5,
    803.39,
    120.66
   ],
   "page": 1
  }
 },
 "form": {
  "columns": [
   {
    "heading": "Einrichtung",
    "hint": "",
    "identifies": true,
    "key": "einrichtung",
    "second_hint": "",
    "width": 2.0
   },
   {
    "heading": "Kontakt",
    "hint": "",
    "identifies": false,
    "key": "kontakt",
    "second_hint": "",
    "width": 1.0
   }
  ],
  "cover": {
   "fields": [
    {
     "hint": "",
     "key": "organisation",
     "label": "Organisation",
     "lines": 1
    }
   ],
   "intro": [
    "Bitte ausfüllen."
   ],
   "reader_notes": [],
   "return_to": [
    "buero@office.example"
   ],
   "steps": [
    "Speichern und zurückschicken."
   ]
  },
  "feedback": {
   "fields": [
    {
     "hint": "",
     "key": "anmerkung",
     "label": "Anmerkung",
     "lines": 1
    }
   ],
   "intro": [],
   "title": "Rückmeldung"
  },
  "key": "klein",
  "language": "de",
  "nil_label": "Gibt es hier nicht:",
  "rows": 5,
  "second_language": "",
  "sections": [
   {
    "categories": [
     {
      "description": "",
      "key": "wohnheim",
      "legal_bases": [],
      "links": [],
      "name": "Wohnheim",
      "other_names": [],
      "pages": 1,
      "second_description": ""
     },
     {
      "description": "",
      "key": "praxis",
      "legal_bases": [],
      "links": [],
      "name": "Praxis",
      "other_names": [],
      "pages": 1,
      "second_description": ""
     }
    ],
    "colour": "#1f4e79",
    "key": "eins",
    "title": "Bereich Eins"
   }
  ],
  "subtitle": "",
  "title": "Kleines Formular"
 },
 "layout": 1,
 "page_size": [
  841.89,
  595.276
 ],
 "pages": [
  {
   "category": "cover",
   "number": 1
  },
  {
   "category": "wohnheim",
   "number": 1
  },
  {
   "category": "praxis",
   "number": 1
  },
  {
   "category": "feedback",
   "number": 1
  }
 ],
 "rows_per_page": {
  "praxis": 5,
  "wohnheim": 5
 }
}
');
CREATE TABLE fields (
        reading INTEGER NOT NULL REFERENCES readings, place INTEGER NOT NULL,
        name TEXT NOT NULL, text NOT NULL, method TEXT NOT NULL, confidence REAL NOT NULL,
        page INTEGER NOT NULL, x0 REAL, y0 REAL, x1 REAL, y1 REAL,
        PRIMARY KEY (reading, place)) WITHOUT ROWID;
INSERT INTO "fields" VALUES(1,0,'kks0s94b8_cover_organisation','Träger A','widget',1.0,1,454.0,464.776,803.89,486.776);
INSERT INTO "fields" VALUES(1,1,'kks0s94b8_wohnheim_nil','/Off','widget',1.0,2,36.0,488.8,48.0,500.8);
INSERT INTO "fields" VALUES(1,2,'kks0s94b8_wohnheim_r01_einrichtung','Haus Nord','widget',1.0,2,66.5,376.14,556.093,457.3);
INSERT INTO "fields" VALUES(1,3,'kks0s94b8_wohnheim_r01_kontakt','030 1','widget',1.0,2,561.093,376.14,803.39,457.3);
INSERT INTO "fields" VALUES(1,4,'kks0s94b8_wohnheim_r02_einrichtung','Haus Süd','widget',1.0,2,66.5,291.98,556.093,373.14);
INSERT INTO "fields" VALUES(1,5,'kks0s94b8_wohnheim_r02_kontakt','030 2','widget',1.0,2,561.093,291.98,803.39,373.14);
INSERT INTO "fields" VALUES(1,6,'kks0s94b8_praxis_nil','/Off','widget',1.0,3,36.0,488.8,48.0,500.8);
INSERT INTO "fields" VALUES(2,0,'kks0s94b8_cover_organisation','Träger B','widget',1.0,1,454.0,464.776,803.89,486.776);
INSERT INTO "fields" VALUES(2,1,'kks0s94b8_wohnheim_nil','/Off','widget',1.0,2,36.0,488.8,48.0,500.8);
INSERT INTO "fields" VALUES(2,2,'kks0s94b8_wohnheim_r01_einrichtung','Haus Nord','widget',1.0,2,66.5,376.14,556.093,457.3);
INSERT INTO "fields" VALUES(2,3,'kks0s94b8_wohnheim_r01_kontakt','040 9','widget',1.0,2,561.093,376.14,803.39,457.3);
INSERT INTO "fields" VALUES(2,4,'kks0s94b8_praxis_nil','/Off','widget',1.0,3,36.0,488.8,48.0,500.8);
CREATE TABLE forgetting (reason TEXT NOT NULL);
CREATE TABLE forgotten (
        sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), run INTEGER NOT NULL REFERENCES runs);
CREATE TABLE hand_deletions (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, base INTEGER, entry TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE hand_edits (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, base INTEGER, entry TEXT NOT NULL,
        field TEXT NOT NULL, old NOT NULL, new NOT NULL, at TEXT NOT NULL);
INSERT INTO "hand_edits" VALUES(1,2,1,'gnsda58d4','kontakt','030 2','von Hand','2026-12-01T00:14:12.258829+00:00');
CREATE TABLE hand_rows (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, base INTEGER, entry TEXT NOT NULL,
        category TEXT NOT NULL, cells NOT NULL, at TEXT NOT NULL);
CREATE TABLE mails (
        box NOT NULL, validity INTEGER NOT NULL, uid INTEGER NOT NULL, PRIMARY KEY (box, validity, uid)) WITHOUT ROWID;
CREATE TABLE marks (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, target INTEGER NOT NULL REFERENCES runs,
        undone INTEGER NOT NULL CHECK (undone IN (0, 1)));
CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL);
INSERT INTO "migrations" VALUES(1,'the first ledger','0.1.0');
INSERT INTO "migrations" VALUES(2,'what was refused, mails that were read, documents that were forgotten','0.1.0');
INSERT INTO "migrations" VALUES(3,'pictures of cells','0.1.0');
CREATE TABLE pages (
        reading INTEGER NOT NULL REFERENCES readings, place INTEGER NOT NULL,
        number INTEGER NOT NULL, edition NOT NULL, token, category NOT NULL, page INTEGER NOT NULL,
        PRIMARY KEY (reading, place)) WITHOUT ROWID;
INSERT INTO "pages" VALUES(1,0,1,'kks0s94b8',NULL,'cover',1);
INSERT INTO "pages" VALUES(1,1,2,'kks0s94b8',NULL,'wohnheim',1);
INSERT INTO "pages" VALUES(1,2,3,'kks0s94b8',NULL,'praxis',1);
INSERT INTO "pages" VALUES(1,3,4,'kks0s94b8',NULL,'feedback',1);
INSERT INTO "pages" VALUES(2,0,1,'kks0s94b8',NULL,'cover',1);
INSERT INTO "pages" VALUES(2,1,2,'kks0s94b8',NULL,'wohnheim',1);
INSERT INTO "pages" VALUES(2,2,3,'kks0s94b8',NULL,'praxis',1);
INSERT INTO "pages" VALUES(2,3,4,'kks0s94b8',NULL,'feedback',1);
CREATE TABLE picture_places (
        reading INTEGER NOT NULL REFERENCES readings, place INTEGER NOT NULL, name TEXT NOT NULL,
        page INTEGER NOT NULL, sha256 TEXT NOT NULL REFERENCES pictures,
        PRIMARY KEY (reading, place)) WITHOUT ROWID;
CREATE TABLE pictures (
        sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), kind TEXT NOT NULL, width INTEGER NOT NULL,
        height INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE problems (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, reading INTEGER REFERENCES readings,
        path NOT NULL, code TEXT NOT NULL, severity TEXT NOT NULL, place NOT NULL, details NOT NULL);
CREATE TABLE readings (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, sha256 TEXT NOT NULL REFERENCES documents,
        fate TEXT NOT NULL, pages INTEGER NOT NULL, mod_date TEXT, producer NOT NULL);
INSERT INTO "readings" VALUES(1,1,'04500dc726d8735d3f431561cd2b16cb09a09b367678408bb46808317d0d91f1','new',4,'2026-01-01T12:00:00+00:00','formgen');
INSERT INTO "readings" VALUES(2,1,'2cd48e00d5e5da71c9aef9dafa52051538af0e14a201adadd35b959a713bc4a5','new',4,'2026-01-02T12:00:00+00:00','formgen');
CREATE TABLE refusals (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, key TEXT NOT NULL, sha256 TEXT NOT NULL,
        path NOT NULL, name NOT NULL, file_time TEXT, mail_time TEXT, mail_from NOT NULL, mail_subject NOT NULL,
        code TEXT NOT NULL, severity TEXT NOT NULL, place NOT NULL, details NOT NULL);
CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, at TEXT NOT NULL, version TEXT NOT NULL, note TEXT NOT NULL);
INSERT INTO "runs" VALUES(1,'harvest','2026-03-01T00:00:00+00:00','0.1.0','');
INSERT INTO "runs" VALUES(2,'register','2026-03-01T00:00:00+00:00','0.1.0','');
CREATE TABLE sightings (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, sha256 TEXT NOT NULL REFERENCES documents,
        path NOT NULL, name NOT NULL, file_time TEXT, mail_time TEXT, mail_from NOT NULL, mail_subject NOT NULL);
INSERT INTO "sightings" VALUES(1,1,'04500dc726d8735d3f431561cd2b16cb09a09b367678408bb46808317d0d91f1','A.pdf','A.pdf','2026-01-02T00:00:00+00:00',NULL,'','');
INSERT INTO "sightings" VALUES(2,1,'2cd48e00d5e5da71c9aef9dafa52051538af0e14a201adadd35b959a713bc4a5','B.pdf','B.pdf','2026-01-03T00:00:00+00:00',NULL,'','');
CREATE TABLE snapshots (run INTEGER PRIMARY KEY REFERENCES runs, packed BLOB NOT NULL);
INSERT INTO "snapshots" VALUES(1,X'789C8D92496E83301486AF12795B22D94CC69CA0AB6EDA5D9485B11F43921A629B408872B3EE7AB1DA69AB90268B4A0889CFEF1F9ECC09F11AB844F9E91C20BE6BB801E33E108F74160F8AB42847DBF448190CC31105480EB4EC0ED46C1C9FB2C3262E4633793EEE479DEE61F833AF36919E84E599E395329227998C1D9F924C8FB8DB8A3B0EE5149625DCF8FB6ECA0CA0E1B7A975E7210ED3258E9698BC619C5F9EA7CBDBF9086EA16A75F3BDCD352147435BAB1A9A7737742D7A83AFB933EC4225ECC0FA06AB758040D907EE27048DD28DA86DAF2A277FE6BD59BC7E7E489FD62ACBB7BE388EF022F48EB3020F952FADBE5712AF9C75FCA732C60B86CE4E5A36AA02DDE94679CE0550464491D090D38246AC28192B649A009382241C804856B032969C94210D4506A148634E6342084F1317D2DA1AF4D018F8BE9B4EB75D6B2E37355F7035EBBCBE5960351B5B3B03DD2B949300F54AFFFC9AE72FE26ED8B6');
INSERT INTO "snapshots" VALUES(2,X'789C8D52C172C22014FC15876B6307484C48BEC0532FEDCDF140E061A216222446E3F867BDF5C70ADA8EB1F5D01966E0EDBCDDB70B9C10AF804B549CD04A3BC9674C26A84014D3744AE81493378C0B9214843ED31963347FF235C6E81C21BEADB90317A83CB62CE935319EBA498F590E7D7F4411927DA69A7DE6D61E1FD87E9D94073704FCB03BD87407FDAF7EBD8EED205ACE3C7EB313A161C6EC01371BF107073550A5E04E3F78D3AE070B2157A8DA9F4838FE8E7459DF592224780B2B63EB6B9AF145F4A6D215D4EFBEE966F40EBECD1DC17EA8842DB4C1C1621921D0ED03F513825ADB5A546DA7579E3EE79D9BBC7E7EC830CDE8966F82F1BDD19339D732888E3C3C24BF187B4FC6319E90C01CD9FC2733C1931C9D3D55D57A05B6B1B50E382FA56229112955993F24E50C72A040445CC65C0926B392E652114C582E044D792CCB52267E030E7142FD10D35660FBDAC1F5791A6B1AE32E8F350EB818795EDE05588CDA965EC0761A1534429DB6D7BF7C3E7F019312E5B0');
CREATE INDEX marks_of ON marks (target);
CREATE INDEX sightings_of ON sightings (sha256);
CREATE INDEX readings_of ON readings (sha256);
CREATE INDEX problems_of ON problems (reading);
CREATE INDEX hand_edits_of ON hand_edits (entry);
CREATE INDEX hand_rows_of ON hand_rows (entry);
CREATE INDEX hand_deletions_of ON hand_deletions (entry);
CREATE INDEX decisions_of ON decisions (entry);
CREATE INDEX decisions_other ON decisions (other);
CREATE TRIGGER runs_no_UPDATE BEFORE UPDATE ON runs WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER runs_no_DELETE BEFORE DELETE ON runs WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER marks_no_UPDATE BEFORE UPDATE ON marks WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER marks_no_DELETE BEFORE DELETE ON marks WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER editions_no_UPDATE BEFORE UPDATE ON editions WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER editions_no_DELETE BEFORE DELETE ON editions WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER documents_no_UPDATE BEFORE UPDATE ON documents WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER documents_no_DELETE BEFORE DELETE ON documents WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER sightings_no_UPDATE BEFORE UPDATE ON sightings WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER sightings_no_DELETE BEFORE DELETE ON sightings WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER readings_no_UPDATE BEFORE UPDATE ON readings WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER readings_no_DELETE BEFORE DELETE ON readings WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER pages_no_UPDATE BEFORE UPDATE ON pages WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER pages_no_DELETE BEFORE DELETE ON pages WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER fields_no_UPDATE BEFORE UPDATE ON fields WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER fields_no_DELETE BEFORE DELETE ON fields WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER problems_no_UPDATE BEFORE UPDATE ON problems WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER problems_no_DELETE BEFORE DELETE ON problems WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER hand_edits_no_UPDATE BEFORE UPDATE ON hand_edits WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER hand_edits_no_DELETE BEFORE DELETE ON hand_edits WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER hand_rows_no_UPDATE BEFORE UPDATE ON hand_rows WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER hand_rows_no_DELETE BEFORE DELETE ON hand_rows WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER hand_deletions_no_UPDATE BEFORE UPDATE ON hand_deletions WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER hand_deletions_no_DELETE BEFORE DELETE ON hand_deletions WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER decisions_no_UPDATE BEFORE UPDATE ON decisions WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER decisions_no_DELETE BEFORE DELETE ON decisions WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER snapshots_no_UPDATE BEFORE UPDATE ON snapshots WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER snapshots_no_DELETE BEFORE DELETE ON snapshots WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER migrations_no_UPDATE BEFORE UPDATE ON migrations WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER migrations_no_DELETE BEFORE DELETE ON migrations WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE VIEW active_runs AS SELECT id FROM runs WHERE coalesce(
                (SELECT undone FROM marks WHERE target = runs.id ORDER BY id DESC LIMIT 1), 0) = 0;
CREATE INDEX refusals_key ON refusals (key);
CREATE TRIGGER refusals_no_UPDATE BEFORE UPDATE ON refusals WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER refusals_no_DELETE BEFORE DELETE ON refusals WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER mails_no_UPDATE BEFORE UPDATE ON mails WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER mails_no_DELETE BEFORE DELETE ON mails WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER forgotten_no_UPDATE BEFORE UPDATE ON forgotten WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER forgotten_no_DELETE BEFORE DELETE ON forgotten WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE INDEX picture_places_of ON picture_places (sha256);
CREATE TRIGGER pictures_no_UPDATE BEFORE UPDATE ON pictures WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER pictures_no_DELETE BEFORE DELETE ON pictures WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER picture_places_no_UPDATE BEFORE UPDATE ON picture_places WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER picture_places_no_DELETE BEFORE DELETE ON picture_places WHEN NOT EXISTS (SELECT 1 FROM forgetting)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('runs',2);
COMMIT;
