"""
The languages and currencies that a site begins with, and that resources have before they are extended.

Written out, and never changed: a migration reads them, so no release of a library gives a site other codes. What a
later release adds, it adds by a migration of its own.
"""

from records.shapes.references import CodeList

# ISO 4217's active codes that have a minor unit, by its digits; CLDR has other digits for some.
CURRENCIES = {
    0: {
        "BIF": "Burundian Franc", "CLP": "Chilean Peso", "DJF": "Djiboutian Franc", "GNF": "Guinean Franc",
        "ISK": "Icelandic Króna", "JPY": "Japanese Yen", "KMF": "Comorian Franc", "KRW": "South Korean Won",
        "PYG": "Paraguayan Guarani", "RWF": "Rwandan Franc", "UGX": "Ugandan Shilling",
        "UYI": "Uruguayan Peso (Indexed Units)", "VND": "Vietnamese Dong", "VUV": "Vanuatu Vatu",
        "XAF": "Central African CFA Franc", "XOF": "West African CFA Franc", "XPF": "CFP Franc",
    },
    2: {
        "AED": "United Arab Emirates Dirham", "AFN": "Afghan Afghani", "ALL": "Albanian Lek", "AMD": "Armenian Dram",
        "AOA": "Angolan Kwanza", "ARS": "Argentine Peso", "AUD": "Australian Dollar", "AWG": "Aruban Florin",
        "AZN": "Azerbaijani Manat", "BAM": "Bosnia-Herzegovina Convertible Mark", "BBD": "Barbadian Dollar",
        "BDT": "Bangladeshi Taka", "BMD": "Bermudan Dollar", "BND": "Brunei Dollar",
        "BOB": "Bolivian Boliviano", "BOV": "Bolivian Mvdol", "BRL": "Brazilian Real", "BSD": "Bahamian Dollar",
        "BTN": "Bhutanese Ngultrum", "BWP": "Botswanan Pula", "BYN": "Belarusian Ruble", "BZD": "Belize Dollar",
        "CAD": "Canadian Dollar", "CDF": "Congolese Franc", "CHE": "WIR Euro", "CHF": "Swiss Franc",
        "CHW": "WIR Franc", "CNY": "Chinese Yuan", "COP": "Colombian Peso", "COU": "Colombian Real Value Unit",
        "CRC": "Costa Rican Colón", "CUP": "Cuban Peso", "CVE": "Cape Verdean Escudo", "CZK": "Czech Koruna",
        "DKK": "Danish Krone", "DOP": "Dominican Peso", "DZD": "Algerian Dinar", "EGP": "Egyptian Pound",
        "ERN": "Eritrean Nakfa", "ETB": "Ethiopian Birr", "EUR": "Euro", "FJD": "Fijian Dollar",
        "FKP": "Falkland Islands Pound", "GBP": "British Pound", "GEL": "Georgian Lari", "GHS": "Ghanaian Cedi",
        "GIP": "Gibraltar Pound", "GMD": "Gambian Dalasi", "GTQ": "Guatemalan Quetzal", "GYD": "Guyanaese Dollar",
        "HKD": "Hong Kong Dollar", "HNL": "Honduran Lempira", "HTG": "Haitian Gourde", "HUF": "Hungarian Forint",
        "IDR": "Indonesian Rupiah", "ILS": "Israeli New Shekel", "INR": "Indian Rupee", "IRR": "Iranian Rial",
        "JMD": "Jamaican Dollar", "KES": "Kenyan Shilling", "KGS": "Kyrgystani Som", "KHR": "Cambodian Riel",
        "KPW": "North Korean Won", "KYD": "Cayman Islands Dollar", "KZT": "Kazakhstani Tenge", "LAK": "Laotian Kip",
        "LBP": "Lebanese Pound", "LKR": "Sri Lankan Rupee", "LRD": "Liberian Dollar", "LSL": "Lesotho Loti",
        "MAD": "Moroccan Dirham", "MDL": "Moldovan Leu", "MGA": "Malagasy Ariary", "MKD": "Macedonian Denar",
        "MMK": "Myanmar Kyat", "MNT": "Mongolian Tugrik", "MOP": "Macanese Pataca", "MRU": "Mauritanian Ouguiya",
        "MUR": "Mauritian Rupee", "MVR": "Maldivian Rufiyaa", "MWK": "Malawian Kwacha", "MXN": "Mexican Peso",
        "MXV": "Mexican Investment Unit", "MYR": "Malaysian Ringgit", "MZN": "Mozambican Metical",
        "NAD": "Namibian Dollar", "NGN": "Nigerian Naira", "NIO": "Nicaraguan Córdoba", "NOK": "Norwegian Krone",
        "NPR": "Nepalese Rupee", "NZD": "New Zealand Dollar", "PAB": "Panamanian Balboa", "PEN": "Peruvian Sol",
        "PGK": "Papua New Guinean Kina", "PHP": "Philippine Peso", "PKR": "Pakistani Rupee", "PLN": "Polish Zloty",
        "QAR": "Qatari Riyal", "RON": "Romanian Leu", "RSD": "Serbian Dinar", "RUB": "Russian Ruble",
        "SAR": "Saudi Riyal", "SBD": "Solomon Islands Dollar", "SCR": "Seychellois Rupee", "SDG": "Sudanese Pound",
        "SEK": "Swedish Krona", "SGD": "Singapore Dollar", "SHP": "St. Helena Pound", "SLE": "Sierra Leonean Leone",
        "SOS": "Somali Shilling", "SRD": "Surinamese Dollar", "SSP": "South Sudanese Pound",
        "STN": "São Tomé & Príncipe Dobra", "SVC": "Salvadoran Colón", "SYP": "Syrian Pound",
        "SZL": "Swazi Lilangeni", "THB": "Thai Baht", "TJS": "Tajikistani Somoni", "TMT": "Turkmenistani Manat",
        "TOP": "Tongan Paʻanga", "TRY": "Turkish Lira", "TTD": "Trinidad & Tobago Dollar", "TWD": "New Taiwan Dollar",
        "TZS": "Tanzanian Shilling", "UAH": "Ukrainian Hryvnia", "USD": "US Dollar", "USN": "US Dollar (Next day)",
        "UYU": "Uruguayan Peso", "UZS": "Uzbekistani Som", "VED": "Bolívar Soberano", "VES": "Venezuelan Bolívar",
        "WST": "Samoan Tala", "XAD": "Arab Accounting Dinar",
        "XCD": "East Caribbean Dollar", "XCG": "Caribbean guilder", "YER": "Yemeni Rial",
        "ZAR": "South African Rand", "ZMW": "Zambian Kwacha", "ZWG": "Zimbabwean Gold",
    },
    3: {
        "BHD": "Bahraini Dinar", "IQD": "Iraqi Dinar", "JOD": "Jordanian Dinar", "KWD": "Kuwaiti Dinar",
        "LYD": "Libyan Dinar", "OMR": "Omani Rial", "TND": "Tunisian Dinar",
    },
    4: {
        "CLF": "Chilean Unit of Account (UF)", "UYW": "Uruguayan Nominal Wage Index Unit",
    },
}  # fmt: skip

# CLDR's languages of two letters, and the regional ones that catalogues are commonly kept in.
LANGUAGES = {
    "aa": "Afar", "ab": "Abkhazian", "ae": "Avestan", "af": "Afrikaans", "ak": "Akan", "am": "Amharic",
    "an": "Aragonese", "ar": "Arabic", "as": "Assamese", "av": "Avaric", "ay": "Aymara", "az": "Azerbaijani",
    "ba": "Bashkir", "be": "Belarusian", "bg": "Bulgarian", "bi": "Bislama", "bm": "Bambara", "bn": "Bangla",
    "bo": "Tibetan", "br": "Breton", "bs": "Bosnian", "ca": "Catalan", "ce": "Chechen", "ch": "Chamorro",
    "co": "Corsican", "cr": "Cree", "cs": "Czech", "cu": "Church Slavic", "cv": "Chuvash", "cy": "Welsh",
    "da": "Danish", "de": "German", "de_AT": "German (Austria)", "de_CH": "German (Switzerland)", "dv": "Divehi",
    "dz": "Dzongkha", "ee": "Ewe", "el": "Greek", "en": "English", "en_AU": "English (Australia)",
    "en_CA": "English (Canada)", "en_GB": "English (United Kingdom)", "en_US": "English (United States)",
    "eo": "Esperanto", "es": "Spanish", "es_ES": "Spanish (Spain)", "es_MX": "Spanish (Mexico)", "et": "Estonian",
    "eu": "Basque", "fa": "Persian", "ff": "Fula", "fi": "Finnish", "fj": "Fijian", "fo": "Faroese", "fr": "French",
    "fr_BE": "French (Belgium)", "fr_CA": "French (Canada)", "fr_CH": "French (Switzerland)", "fy": "Western Frisian",
    "ga": "Irish", "gd": "Scottish Gaelic", "gl": "Galician", "gn": "Guarani", "gu": "Gujarati", "gv": "Manx",
    "ha": "Hausa", "he": "Hebrew", "hi": "Hindi", "ho": "Hiri Motu", "hr": "Croatian", "ht": "Haitian Creole",
    "hu": "Hungarian", "hy": "Armenian", "hz": "Herero", "ia": "Interlingua", "id": "Indonesian", "ie": "Interlingue",
    "ig": "Igbo", "ii": "Sichuan Yi", "ik": "Inupiaq", "io": "Ido", "is": "Icelandic", "it": "Italian",
    "iu": "Inuktitut", "ja": "Japanese", "jv": "Javanese", "ka": "Georgian", "kg": "Kongo", "ki": "Kikuyu",
    "kj": "Kuanyama", "kk": "Kazakh", "kl": "Kalaallisut", "km": "Khmer", "kn": "Kannada", "ko": "Korean",
    "kr": "Kanuri", "ks": "Kashmiri", "ku": "Kurdish", "kv": "Komi", "kw": "Cornish", "ky": "Kyrgyz", "la": "Latin",
    "lb": "Luxembourgish", "lg": "Ganda", "li": "Limburgish", "ln": "Lingala", "lo": "Lao", "lt": "Lithuanian",
    "lu": "Luba-Katanga", "lv": "Latvian", "mg": "Malagasy", "mh": "Marshallese", "mi": "Māori", "mk": "Macedonian",
    "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "ms": "Malay", "mt": "Maltese", "my": "Burmese",
    "na": "Nauru", "nb": "Norwegian Bokmål", "nd": "North Ndebele", "ne": "Nepali", "ng": "Ndonga", "nl": "Dutch",
    "nl_BE": "Dutch (Belgium)", "nn": "Norwegian Nynorsk", "no": "Norwegian", "nr": "South Ndebele", "nv": "Navajo",
    "ny": "Nyanja", "oc": "Occitan", "oj": "Ojibwa", "om": "Oromo", "or": "Odia", "os": "Ossetic", "pa": "Punjabi",
    "pi": "Pali", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "pt_BR": "Portuguese (Brazil)",
    "pt_PT": "Portuguese (Portugal)", "qu": "Quechua", "rm": "Romansh", "rn": "Rundi", "ro": "Romanian",
    "ru": "Russian", "rw": "Kinyarwanda", "sa": "Sanskrit", "sc": "Sardinian", "sd": "Sindhi", "se": "Northern Sami",
    "sg": "Sango", "sh": "Serbo-Croatian", "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian", "sm": "Samoan",
    "sn": "Shona", "so": "Somali", "sq": "Albanian", "sr": "Serbian", "ss": "Swati", "st": "Southern Sotho",
    "su": "Sundanese", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "tg": "Tajik", "th": "Thai",
    "ti": "Tigrinya", "tk": "Turkmen", "tl": "Tagalog", "tn": "Tswana", "to": "Tongan", "tr": "Turkish",
    "ts": "Tsonga", "tt": "Tatar", "tw": "Twi", "ty": "Tahitian", "ug": "Uyghur", "uk": "Ukrainian", "ur": "Urdu",
    "uz": "Uzbek", "ve": "Venda", "vi": "Vietnamese", "vo": "Volapük", "wa": "Walloon", "wo": "Wolof", "xh": "Xhosa",
    "yi": "Yiddish", "yo": "Yoruba", "za": "Zhuang", "zh": "Chinese", "zh_CN": "Chinese (China)",
    "zh_HK": "Chinese (Hong Kong SAR China)", "zh_TW": "Chinese (Taiwan)", "zu": "Zulu",
}  # fmt: skip

CODE_LISTS = {
    "languages": CodeList(tuple(LANGUAGES.items())),
    "currencies": CodeList(
        tuple(sorted((code, name) for names in CURRENCIES.values() for code, name in names.items())),
        digits={code: digits for digits, names in CURRENCIES.items() for code in names},
    ),
}
