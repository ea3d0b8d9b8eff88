"""Second official names of towns: Sorbian in Lusatia, Danish, Frisian and Low German in the north.

Behind a slash or a hyphen anything may stand (`Berlin/Mitte`, `Köln / Frau Alt`); these are names.
"""

from __future__ import annotations

import re

#: Between two names of one town, be it over a line end.
JOINT = re.compile(
    r"(?P<joint>[ ]{0,2}\n?[ ]{0,2}[/|][ ]{0,2}\n?[ ]{0,2}|[ ]?\n?\(|[ ]?[ \n]-[ \n][ ]?|[ ]?\n-)|[ ]{0,2}[ \n][ ]{0,2}"
)

#: In small letters, of several words with one blank between them.
_NAMES = """
    budyšin,wojerecy,kamjenc,běła woda,njedźichow,kulow,łuty,wóspork,porchow,chrósćicy,zemicy-tumicy,dobruša-huska,
    halštrowska hola,hodźij,niska,wulka dubrawa,budestecy,bukecy,rakecy,kubšicy,łaz,malešecy,njebjelčicy,njeswačidło,
    hornja hórka,wóslink,pančicy-kukow,bóšicy,radwor,worklecy,ralbicy-róžant,sprjewiny doł,hamor,jabłońc,dźěwin,
    wósyčk,krušwica,chrjebja-nowa wjes,mikow,kwětanecy,rěčicy,slepo,trjebin,wuskidź,lubij,wysoka dubrawa,mužakow,
    zhorjelc,biskopicy,šěrachow,chóśebuz,chośebuz,baršć,gubin,lubin,lubnjow,łukow,kalawa,
    wětošow,grodk,drjowk,picnjo,zły komorow,bórkowy,gołkojce,derbno,wjelcej,
    stara darbnja,nowe wiki,rań,janšojce,turnow-pśiłuk,hochoza,drjenow,turjej,gatojce,móst,dešno-strjažow,brjazyna,
    góry,smogorjow-prjawoz,wjerbno,kopańce,feliksowy jazor,tšupc,běła góra-bělin,nowa niwa,stara niwa-wózwjerch,
    slopišća,błośańska góla,markojska góla,nowa jazorina,łukojce,
    flensborg,slesvig,hüsem,naibel,leek,bräist,weesterlön,weesterlönj,hörnem,taning,frederiksstad,egernførde,harreslev,
    hanved,rendsborg,sønder løgum,läigem,doogebel,risem-loonham,klångsbel,seelterlound,auerk,nörden,
    papenbörg,hamborg,bremerhoben,ollnborg
"""
SECOND_NAMES: frozenset[str] = frozenset(" ".join(name.split()) for name in _NAMES.split(","))
