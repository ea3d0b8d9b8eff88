PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL);
INSERT INTO migrations VALUES(1,'the first ledger','0.1.0');
INSERT INTO migrations VALUES(2,'what was refused, mails that were read, documents that were forgotten','0.1.0');
INSERT INTO migrations VALUES(3,'pictures of cells','0.1.0');
CREATE TABLE forgetting (reason TEXT NOT NULL);
CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, at TEXT NOT NULL, version TEXT NOT NULL, note TEXT NOT NULL);
INSERT INTO runs VALUES(1,'harvest','2026-12-01T05:28:17.962899+00:00','0.1.0','');
INSERT INTO runs VALUES(2,'register','2026-12-01T05:28:18.734700+00:00','0.1.0','');
CREATE TABLE marks (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, target INTEGER NOT NULL REFERENCES runs,
        undone INTEGER NOT NULL CHECK (undone IN (0, 1)));
CREATE TABLE editions (edition TEXT PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, text NOT NULL);
INSERT INTO editions VALUES('kks0s94b8',1,replace('{\n "edition": "kks0s94b8",\n "fields": {\n  "cover_organisation": {\n   "box": [\n    454.0,\n    464.776,\n    803.89,\n    486.776\n   ],\n   "page": 0\n  },\n  "cover_p1_id": {\n   "box": [\n    36.0,\n    12.0,\n    38.0,\n    14.0\n   ],\n   "page": 0\n  },\n  "feedback_anmerkung": {\n   "box": [\n    38.0,\n    39.5,\n    803.89,\n    482.776\n   ],\n   "page": 3\n  },\n  "feedback_p1_id": {\n   "box": [\n    36.0,\n    12.0,\n    38.0,\n    14.0\n   ],\n   "page": 3\n  },\n  "praxis_nil": {\n   "box": [\n    36.0,\n    488.8,\n    48.0,\n    500.8\n   ],\n   "page": 2\n  },\n  "praxis_p1_id": {\n   "box": [\n    36.0,\n    12.0,\n    38.0,\n    14.0\n   ],\n   "page": 2\n  },\n  "praxis_r01_einrichtung": {\n   "box": [\n    66.5,\n    376.14,\n    556.093,\n    457.3\n   ],\n   "page": 2\n  },\n  "praxis_r01_kontakt": {\n   "box": [\n    561.093,\n    376.14,\n    803.39,\n    457.3\n   ],\n   "page": 2\n  },\n  "praxis_r02_einrichtung": {\n   "box": [\n    66.5,\n    291.98,\n    556.093,\n    373.14\n   ],\n   "page": 2\n  },\n  "praxis_r02_kontakt": {\n   "box": [\n    561.093,\n    291.98,\n    803.39,\n    373.14\n   ],\n   "page": 2\n  },\n  "praxis_r03_einrichtung": {\n   "box": [\n    66.5,\n    207.82,\n    556.093,\n    288.98\n   ],\n   "page": 2\n  },\n  "praxis_r03_kontakt": {\n   "box": [\n    561.093,\n    207.82,\n    803.39,\n    288.98\n   ],\n   "page": 2\n  },\n  "praxis_r04_einrichtung": {\n   "box": [\n    66.5,\n    123.66,\n    556.093,\n    204.82\n   ],\n   "page": 2\n  },\n  "praxis_r04_kontakt": {\n   "box": [\n    561.093,\n    123.66,\n    803.39,\n    204.82\n   ],\n   "page": 2\n  },\n  "praxis_r05_einrichtung": {\n   "box": [\n    66.5,\n    39.5,\n    556.093,\n    120.66\n   ],\n   "page": 2\n  },\n  "praxis_r05_kontakt": {\n   "box": [\n    561.093,\n    39.5,\n    803.39,\n    120.66\n   ],\n   "page": 2\n  },\n  "wohnheim_nil": {\n   "box": [\n    36.0,\n    488.8,\n    48.0,\n    500.8\n   ],\n   "page": 1\n  },\n  "wohnheim_p1_id": {\n   "box": [\n    36.0,\n    12.0,\n    38.0,\n    14.0\n   ],\n   "page": 1\n  },\n  "wohnheim_r01_einrichtung": {\n   "box": [\n    66.5,\n    376.14,\n    556.093,\n    457.3\n   ],\n   "page": 1\n  },\n  "wohnheim_r01_kontakt": {\n   "box": [\n    561.093,\n    376.14,\n    803.39,\n    457.3\n   ],\n   "page": 1\n  },\n  "wohnheim_r02_einrichtung": {\n   "box": [\n    66.5,\n    291.98,\n    556.093,\n    373.14\n   ],\n   "page": 1\n  },\n  "wohnheim_r02_kontakt": {\n   "box": [\n    561.093,\n    291.98,\n    803.39,\n    373.14\n   ],\n   "page": 1\n  },\n  "wohnheim_r03_einrichtung": {\n   "box": [\n    66.5,\n    207.82,\n    556.093,\n    288.98\n   ],\n   "page": 1\n  },\n  "wohnheim_r03_kontakt": {\n   "box": [\n    561.093,\n    207.82,\n    803.39,\n    288.98\n   ],\n   "page": 1\n  },\n  "wohnheim_r04_einrichtung": {\n   "box": [\n    66.5,\n    123.66,\n    556.093,\n    204.82\n   ],\n   "page": 1\n  },\n  "wohnheim_r04_kontakt": {\n   "box": [\n    561.093,\n    123.66,\n    803.39,\n    204.82\n   ],\n   "page": 1\n  },\n  "wohnheim_r05_einrichtung": {\n   "box": [\n    66.5,\n    39.5,\n    556.093,\n    120.66\n   ],\n   "page": 1\n  },\n  "wohnheim_r05_kontakt": {\n   "box": [\n    561.093,\n    39.5,\n    803.39,\n    120.66\n   ],\n   "page": 1\n  }\n },\n "form": {\n  "columns": [\n   {\n    "heading": "Einrichtung",\n    "hint": "",\n    "identifies": true,\n    "key": "einrichtung",\n    "second_hint": "",\n    "width": 2.0\n   },\n   {\n    "heading": "Kontakt",\n    "hint": "",\n    "identifies": false,\n    "key": "kontakt",\n    "second_hint": "",\n    "width": 1.0\n   }\n  ],\n  "cover": {\n   "fields": [\n    {\n     "hint": "",\n     "key": "organisation",\n     "label": "Organisation",\n     "lines": 1\n    }\n   ],\n   "intro": [\n    "Bitte ausfüllen."\n   ],\n   "reader_notes": [],\n   "return_to": [\n    "buero@office.example"\n   ],\n   "steps": [\n    "Speichern und zurückschicken."\n   ]\n  },\n  "feedback": {\n   "fields": [\n    {\n     "hint": "",\n     "key": "anmerkung",\n     "label": "Anmerkung",\n     "lines": 1\n    }\n   ],\n   "intro": [],\n   "title": "Rückmeldung"\n  },\n  "key": "klein",\n  "language": "de",\n  "nil_label": "Gibt es hier nicht:",\n  "rows": 5,\n  "second_language": "",\n  "sections": [\n   {\n    "categories": [\n     {\n      "description": "",\n      "key": "wohnheim",\n      "legal_bases": [],\n      "links": [],\n      "name": "Wohnheim",\n      "other_names": [],\n      "pages": 1,\n      "second_description": ""\n     },\n     {\n      "description": "",\n      "key": "praxis",\n      "legal_bases": [],\n      "links": [],\n      "name": "Praxis",\n      "other_names": [],\n      "pages": 1,\n      "second_description": ""\n     }\n    ],\n    "colour": "#1f4e79",\n    "key": "eins",\n    "title": "Bereich Eins"\n   }\n  ],\n  "subtitle": "",\n  "title": "Kleines Formular"\n },\n "layout": 1,\n "page_size": [\n  841.89,\n  595.276\n ],\n "pages": [\n  {\n   "category": "cover",\n   "number": 1\n  },\n  {\n   "category": "wohnheim",\n   "number": 1\n  },\n  {\n   "category": "praxis",\n   "number": 1\n  },\n  {\n   "category": "feedback",\n   "number": 1\n  }\n ],\n "rows_per_page": {\n  "praxis": 5,\n  "wohnheim": 5\n }\n}\n','\n',char(10)));
CREATE TABLE documents (
        sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), run INTEGER NOT NULL REFERENCES runs, size INTEGER NOT NULL);
INSERT INTO documents VALUES('767bf391a1e198ef7a5fa29447a9133205018664a418dc8c4772830ca3bae7a7',1,132099);
INSERT INTO documents VALUES('dc372f3407fb115e14fd96eb57607620243afd78fd815175892170758e744a0e',1,132103);
INSERT INTO documents VALUES('20fe7a1468145afb255481d3342a824341feb83455df4b9d4f329985f373ba52',1,132133);
CREATE TABLE sightings (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, sha256 TEXT NOT NULL REFERENCES documents,
        path NOT NULL, name NOT NULL, file_time TEXT, mail_time TEXT, mail_from NOT NULL, mail_subject NOT NULL);
INSERT INTO sightings VALUES(1,1,'767bf391a1e198ef7a5fa29447a9133205018664a418dc8c4772830ca3bae7a7','p0.pdf','p0.pdf','2026-01-02T00:00:00+00:00',NULL,'','');
INSERT INTO sightings VALUES(2,1,'dc372f3407fb115e14fd96eb57607620243afd78fd815175892170758e744a0e','p1.pdf','p1.pdf','2026-01-02T00:00:00+00:00',NULL,'','');
INSERT INTO sightings VALUES(3,1,'20fe7a1468145afb255481d3342a824341feb83455df4b9d4f329985f373ba52','p2.pdf','p2.pdf','2026-01-02T00:00:00+00:00',NULL,'','');
CREATE TABLE readings (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, sha256 TEXT NOT NULL REFERENCES documents,
        fate TEXT NOT NULL, pages INTEGER NOT NULL, mod_date TEXT, producer NOT NULL);
INSERT INTO readings VALUES(1,1,'767bf391a1e198ef7a5fa29447a9133205018664a418dc8c4772830ca3bae7a7','new',4,'2026-01-01T12:00:00+00:00','formgen');
INSERT INTO readings VALUES(2,1,'dc372f3407fb115e14fd96eb57607620243afd78fd815175892170758e744a0e','new',4,'2026-01-02T12:00:00+00:00','formgen');
INSERT INTO readings VALUES(3,1,'20fe7a1468145afb255481d3342a824341feb83455df4b9d4f329985f373ba52','new',4,'2026-01-03T12:00:00+00:00','formgen');
CREATE TABLE pages (
        reading INTEGER NOT NULL REFERENCES readings, place INTEGER NOT NULL,
        number INTEGER NOT NULL, edition NOT NULL, token, category NOT NULL, page INTEGER NOT NULL,
        PRIMARY KEY (reading, place)) WITHOUT ROWID;
INSERT INTO pages VALUES(1,0,1,'kks0s94b8',NULL,'cover',1);
INSERT INTO pages VALUES(1,1,2,'kks0s94b8',NULL,'wohnheim',1);
INSERT INTO pages VALUES(1,2,3,'kks0s94b8',NULL,'praxis',1);
INSERT INTO pages VALUES(1,3,4,'kks0s94b8',NULL,'feedback',1);
INSERT INTO pages VALUES(2,0,1,'kks0s94b8',NULL,'cover',1);
INSERT INTO pages VALUES(2,1,2,'kks0s94b8',NULL,'wohnheim',1);
INSERT INTO pages VALUES(2,2,3,'kks0s94b8',NULL,'praxis',1);
INSERT INTO pages VALUES(2,3,4,'kks0s94b8',NULL,'feedback',1);
INSERT INTO pages VALUES(3,0,1,'kks0s94b8',NULL,'cover',1);
INSERT INTO pages VALUES(3,1,2,'kks0s94b8',NULL,'wohnheim',1);
INSERT INTO pages VALUES(3,2,3,'kks0s94b8',NULL,'praxis',1);
INSERT INTO pages VALUES(3,3,4,'kks0s94b8',NULL,'feedback',1);
CREATE TABLE fields (
        reading INTEGER NOT NULL REFERENCES readings, place INTEGER NOT NULL,
        name TEXT NOT NULL, text NOT NULL, method TEXT NOT NULL, confidence REAL NOT NULL,
        page INTEGER NOT NULL, x0 REAL, y0 REAL, x1 REAL, y1 REAL,
        PRIMARY KEY (reading, place)) WITHOUT ROWID;
INSERT INTO fields VALUES(1,0,'kks0s94b8_cover_organisation','Partner 0','widget',1.0,1,454.0,464.77600000000001048,803.88999999999998635,486.77600000000001046);
INSERT INTO fields VALUES(1,1,'kks0s94b8_wohnheim_nil','/Off','widget',1.0,2,36.0,488.80000000000001138,48.0,500.80000000000001137);
INSERT INTO fields VALUES(1,2,'kks0s94b8_wohnheim_r01_einrichtung','Lebenshilfe e.V., Köln','widget',1.0,2,66.5,376.13999999999998635,556.0929999999999609,457.30000000000001138);
INSERT INTO fields VALUES(1,3,'kks0s94b8_wohnheim_r01_kontakt','Frau Alt','widget',1.0,2,561.09299999999996087,376.13999999999998635,803.38999999999998634,457.30000000000001138);
INSERT INTO fields VALUES(1,4,'kks0s94b8_wohnheim_r02_einrichtung','Haus 0','widget',1.0,2,66.5,291.98000000000001818,556.0929999999999609,373.13999999999998636);
INSERT INTO fields VALUES(1,5,'kks0s94b8_wohnheim_r02_kontakt','x','widget',1.0,2,561.09299999999996087,291.98000000000001818,803.38999999999998634,373.13999999999998636);
INSERT INTO fields VALUES(1,6,'kks0s94b8_praxis_nil','/Off','widget',1.0,3,36.0,488.80000000000001138,48.0,500.80000000000001137);
INSERT INTO fields VALUES(2,0,'kks0s94b8_cover_organisation','Partner 1','widget',1.0,1,454.0,464.77600000000001048,803.88999999999998635,486.77600000000001046);
INSERT INTO fields VALUES(2,1,'kks0s94b8_wohnheim_nil','/Off','widget',1.0,2,36.0,488.80000000000001138,48.0,500.80000000000001137);
INSERT INTO fields VALUES(2,2,'kks0s94b8_wohnheim_r01_einrichtung','Lebenshilfe e. V., Koeln','widget',1.0,2,66.5,376.13999999999998635,556.0929999999999609,457.30000000000001138);
INSERT INTO fields VALUES(2,3,'kks0s94b8_wohnheim_r01_kontakt','Frau Alt','widget',1.0,2,561.09299999999996087,376.13999999999998635,803.38999999999998634,457.30000000000001138);
INSERT INTO fields VALUES(2,4,'kks0s94b8_wohnheim_r02_einrichtung','Haus 1','widget',1.0,2,66.5,291.98000000000001818,556.0929999999999609,373.13999999999998636);
INSERT INTO fields VALUES(2,5,'kks0s94b8_wohnheim_r02_kontakt','x','widget',1.0,2,561.09299999999996087,291.98000000000001818,803.38999999999998634,373.13999999999998636);
INSERT INTO fields VALUES(2,6,'kks0s94b8_praxis_nil','/Off','widget',1.0,3,36.0,488.80000000000001138,48.0,500.80000000000001137);
INSERT INTO fields VALUES(3,0,'kks0s94b8_cover_organisation','Partner 2','widget',1.0,1,454.0,464.77600000000001048,803.88999999999998635,486.77600000000001046);
INSERT INTO fields VALUES(3,1,'kks0s94b8_wohnheim_nil','/Off','widget',1.0,2,36.0,488.80000000000001138,48.0,500.80000000000001137);
INSERT INTO fields VALUES(3,2,'kks0s94b8_wohnheim_r01_einrichtung','Lebens­hilfe e.V., Köln','widget',1.0,2,66.5,376.13999999999998635,556.0929999999999609,457.30000000000001138);
INSERT INTO fields VALUES(3,3,'kks0s94b8_wohnheim_r01_kontakt','Frau Neu','widget',1.0,2,561.09299999999996087,376.13999999999998635,803.38999999999998634,457.30000000000001138);
INSERT INTO fields VALUES(3,4,'kks0s94b8_wohnheim_r02_einrichtung','Haus 2','widget',1.0,2,66.5,291.98000000000001818,556.0929999999999609,373.13999999999998636);
INSERT INTO fields VALUES(3,5,'kks0s94b8_wohnheim_r02_kontakt','x','widget',1.0,2,561.09299999999996087,291.98000000000001818,803.38999999999998634,373.13999999999998636);
INSERT INTO fields VALUES(3,6,'kks0s94b8_praxis_nil','/Off','widget',1.0,3,36.0,488.80000000000001138,48.0,500.80000000000001137);
CREATE TABLE problems (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, reading INTEGER REFERENCES readings,
        path NOT NULL, code TEXT NOT NULL, severity TEXT NOT NULL, place NOT NULL, details NOT NULL);
CREATE TABLE hand_edits (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, base INTEGER, entry TEXT NOT NULL,
        field TEXT NOT NULL, old NOT NULL, new NOT NULL, at TEXT NOT NULL);
INSERT INTO hand_edits VALUES(1,2,1,'ehwafpmj2','kontakt','Frau Alt','Frau Alt, 0221 5','2026-12-01T05:28:18.706829+00:00');
CREATE TABLE hand_rows (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, base INTEGER, entry TEXT NOT NULL,
        category TEXT NOT NULL, cells NOT NULL, at TEXT NOT NULL);
CREATE TABLE hand_deletions (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, base INTEGER, entry TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE decisions (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, base INTEGER, kind TEXT NOT NULL,
        entry TEXT NOT NULL, other TEXT NOT NULL, field TEXT NOT NULL, value NOT NULL, at TEXT NOT NULL);
CREATE TABLE snapshots (run INTEGER PRIMARY KEY REFERENCES runs, packed BLOB NOT NULL);
INSERT INTO snapshots VALUES(1,X'789c7d94cb8e9b3014865f25f2b699c8069bdbae9baa52abaeaa6ea22c8c7d8881606e269044f348ddf601da17ab99c9944ba359f271fc9ff3ffc770435c019728ba3d6f113fa5bc85d63e20410c653a31058ad0d9cd0256c88ca02d12d45492f803b65cc4c2f10712d623bfc61761dc225bd5cb9a91f8c287d2f26b1de0ab0a9bb3e547927baa08656c79e52a903c0f8ce5ca4096538f3a9683ea79521599637926d8c06b79a956f579c10637312cb1bc50a215eaca47fd22f3f33eaf2ffd9af742b0a2f783d53cf5f9e8f924c1deaaef9989569e592e167ec7ac74db43036fc919fbdec18ef7449c274cbe6316394144fc5de83941187ec038c2788c891b38964d7a0ff99f6084fa52690569618ba6fe0b3cd958e0298d059e96b0c093e719b606249cc08c6ef6073b80360f46bc214875930a653a7db4c73ff3aedd8c3bce4b6d783ef61f46a9d9f8eb235f2106ddaaf494c006769b1fbbede64b0927bd10f9d4f06ef3f16446ad99e7c75abf7fbea9bd88fdf9f548ec1b74a3d82ca9875e9cffbdcc527cdfcb3bddef5666c93fec8ed7dded9924d54768aa26d5230349814a87b9026217282412b8c7438e03e6c7540887040c7322290fdc20a42ea15212c23de28621f512d736288d82a64f5b78bdb655535665fb7289e76bdb2f3e992983c36221fbe58732af9ac5b6d49a4e1c6cfba6d328225bd4e9e6fe0f7afe0bb8377763');
INSERT INTO snapshots VALUES(2,X'789c7d94cb8e9b3014865f05b16d26b20de6b6eba6aad4aaabaa9b6816c63ec44030371348a279a46efb00ed8bd59e4bb9349a0d121ff67fceff1f9b9bcb2430e126b7a79dcb4e39eba1372f2ec7daa72ad3959bb867af8868250aecee5ceeeb46e0704286f3949370c2716bf935bd70ed55c566bd68294e2f6caa0dbfb611bacab83b1b7ec46520ab58a486379e04c1ca481b2e3514a51ff8c4709023cb9aaa2086179c4eac159766b3beace8e4659a66865792f75c5e99d5af8ab01ccbf6326ef9c839adc630daf4d39e8f418833146cea9e29efc599967ce5d766a5fa113a784b4e9bef0491e001930784bf239a9028c1d13ef4fc10a10f082508d998988663dde5af21ff134cdcb1964a425e994573fd159e6dacf09cc60acf4358e1d9f3021b03024ea0ad9bc3a36940e93b2dde5cc8559773a9077534db3fb3a177ec8ccb5a6956dafa93955ab4bfddf2155250bdcc4f1938b0777eec77ce971a4e6a25f2a96383f3f1a4770e22043bd46a2ebcdfd7fcfdf34df559f4cfaf7ba2df60b0628bc4ee7a22ff7b5aa4f9bea777aa1b4b566a3181bbd5d1b6bad993e5ea085dd3e5ca329e6598a522451c41ca190ee20cf1304abd98c6812071e601f7911fa61c446a9e818f0923023c2f403ecaecc86a2da11bf31e5e8e6fd3d54ddd3f1fe6e5f80eabab3367f0b81ac8617d6196ab16b1adb5e61d8fa67c372837213b7750ddebbfe8e92f75447994');
CREATE TABLE refusals (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, key TEXT NOT NULL, sha256 TEXT NOT NULL,
        path NOT NULL, name NOT NULL, file_time TEXT, mail_time TEXT, mail_from NOT NULL, mail_subject NOT NULL,
        code TEXT NOT NULL, severity TEXT NOT NULL, place NOT NULL, details NOT NULL);
CREATE TABLE mails (
        box NOT NULL, validity INTEGER NOT NULL, uid INTEGER NOT NULL, PRIMARY KEY (box, validity, uid)) WITHOUT ROWID;
CREATE TABLE forgotten (
        sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), run INTEGER NOT NULL REFERENCES runs);
CREATE TABLE pictures (
        sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), kind TEXT NOT NULL, width INTEGER NOT NULL,
        height INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE picture_places (
        reading INTEGER NOT NULL REFERENCES readings, place INTEGER NOT NULL, name TEXT NOT NULL,
        page INTEGER NOT NULL, sha256 TEXT NOT NULL REFERENCES pictures,
        PRIMARY KEY (reading, place)) WITHOUT ROWID;
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('runs',2);
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
COMMIT;
