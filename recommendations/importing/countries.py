"""Names of countries and unions, as reports write them, to tell whose bodies a report means."""

COUNTRIES = (
    "Afghanistan", "Algeria", "Argentina", "Australia", "Austria", "Bangladesh", "Belgium",
    "Brazil", "Britain", "Bulgaria", "Canada", "Chile", "China", "Colombia", "Croatia",
    "Cuba", "Czech", "Denmark", "Egypt", "England", "Estonia", "Ethiopia", "European Union",
    "Finland", "France", "Germany", "Ghana", "Greece", "Hong Kong", "Hungary", "Iceland",
    "India", "Indonesia", "Iran", "Iraq", "Ireland", "Israel", "Italy", "Jamaica", "Japan",
    "Kazakhstan", "Kenya", "Korea", "Kuwait", "Latvia", "Lithuania", "Luxembourg",
    "Malaysia", "Malta", "Mexico", "Morocco", "Nepal", "Netherlands", "New Zealand",
    "Nigeria", "Norway", "Pakistan", "Peru", "Philippines", "Poland", "Portugal", "Qatar",
    "Romania", "Russia", "Rwanda", "Saudi Arabia", "Scotland", "Serbia", "Singapore",
    "Slovakia", "Slovenia", "South Africa", "Spain", "Sri Lanka", "Sweden", "Switzerland",
    "Taiwan", "Tanzania", "Thailand", "Tunisia", "Turkey", "U.S.", "UK", "Uganda",
    "Ukraine", "United Arab Emirates", "United Kingdom", "United States", "Venezuela",
    "Vietnam", "Wales", "Zambia", "Zimbabwe",
    "アメリカ", "イタリア", "インド", "カナダ", "ドイツ", "フランス",
    "ロシア", "中国", "台湾", "日本", "欧州連合", "米国", "英国", "豪州", "韓国",
)  # fmt: skip
# In front of the name of a body, these say whose it is.
OWNERS = {
    "UK": "United Kingdom",
    "British": "United Kingdom",
    "US": "United States",
    "U.S.": "United States",
    "American": "United States",
    "Federal": "",
    "Scottish": "Scotland",
    "Welsh": "Wales",
    "Irish": "Ireland",
    "French": "France",
    "German": "Germany",
    "Japanese": "Japan",
    "Chinese": "China",
    "Canadian": "Canada",
    "Australian": "Australia",
    "Indian": "India",
    "Korean": "Korea",
}
