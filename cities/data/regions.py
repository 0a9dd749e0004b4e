"""UN M49: which country belongs to which subregion. Used only when countries.json is rebuilt.

Source: United Nations Statistics Division, "Standard country or area codes for statistical use" (M49), as of 2025.
The reference data stops at "Sub-Saharan Africa" and "Latin America and the Caribbean"; cities ask for finer regions.
Antarctica belongs to none. Taiwan is not listed by M49; CLDR counts it to Eastern Asia, as we do. Kosovo follows CLDR.
"""

SUBREGIONS_BY_CONTINENT = {
    "002": ["011", "014", "015", "017", "018"],
    "019": ["005", "013", "021", "029"],
    "142": ["030", "034", "035", "143", "145"],
    "150": ["039", "151", "154", "155"],
    "009": ["053", "054", "057", "061"],
}

_MEMBERS = {
    "015": "DZ EG EH LY MA SD TN",
    "011": "BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG",
    "017": "AO CD CF CG CM GA GQ ST TD",
    "014": "BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW",
    "018": "BW LS NA SZ ZA",
    "005": "AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE",
    "013": "BZ CR GT HN MX NI PA SV",
    "021": "BM CA GL PM US",
    "029": "AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI",
    "030": "CN HK JP KP KR MN MO TW",
    "034": "AF BD BT IN IR LK MV NP PK",
    "035": "BN ID KH LA MM MY PH SG TH TL VN",
    "143": "KG KZ TJ TM UZ",
    "145": "AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE",
    "039": "AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA XK",
    "151": "BG BY CZ HU MD PL RO RU SK UA",
    "154": "AX DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ",
    "155": "AT BE CH DE FR LI LU MC NL",
    "053": "AU CC CX HM NF NZ",
    "054": "FJ NC PG SB VU",
    "057": "FM GU KI MH MP NR PW UM",
    "061": "AS CK NU PF PN TK TO TV WF WS",
}

SUBREGION_MEMBERS = {code: tuple(members.split()) for code, members in _MEMBERS.items()}
