/// A name as it is written and as an ASCII address spells it.
struct SpelledName: Sendable {
    let native: String
    let ascii: String

    init(_ pair: Substring) {
        let parts = pair.split(separator: "=", maxSplits: 1)
        native = String(parts.first ?? "")
        ascii = String(parts.last ?? "")
    }
}

/// Common given and family names of one writing tradition. People made of them are invented.
struct NameBook: Sendable {
    let given: [SpelledName]
    let family: [SpelledName]
    /// How a full name is put together.
    let familyFirst: Bool
    let separator: String

    /// - Parameters:
    ///   - given: `native=ascii` or only `ascii`, separated by blanks.
    ///   - family: the same.
    init(_ given: String, _ family: String, familyFirst: Bool = false, separator: String = " ") {
        self.given = given.split(separator: " ").map { SpelledName($0) }
        self.family = family.split(separator: " ").map { SpelledName($0) }
        self.familyFirst = familyFirst
        self.separator = separator
    }

    /// With the plain Latin ones several times, as a company in a Latin-writing country has them.
    static let shelf: [NameBook] =
        [english, nordic, english, central, english, iberian, english] + [
            greek, cyrillic, arabic, hebrew, han, kana, hangul, devanagari, thai,
        ]

    static let english = NameBook(
        "Alice Ben Carol David Erin Frank Grace Henry Isla Jack Kate Liam Maya Noah Olive Peter Rose Sam Tess Will Amy Joan",
        "Archer Barton Carter Dalton Ellis Fletcher Granger Harper Irving Keller Lambert Mercer Norris Osborne Palmer Quill Reeves "
            + "Sutton Turner Vance Weaver Yates O'Hara=ohara Smith-Jones=smith-jones")
    static let nordic = NameBook(
        "Åsa=asa Bjørn=bjoern Søren=soeren Jürgen=juergen Zoë=zoe Anaïs=anais Noël=noel Élodie=elodie Jörg=joerg Märta=maerta",
        "Ødegård=oedegaard Sjöberg=sjoeberg Müller=mueller Groß=gross Jørgensen=joergensen Lefèvre=lefevre Håkansson=haakansson "
            + "Brontë-Côté=bronte-cote Strömberg=stroemberg")
    static let central = NameBook(
        "Łukasz=lukasz Zofia Jiří=jiri Božena=bozena Ștefan=stefan Ilinca Gergő=gergo Ágnes=agnes Ömer=oemer Çağla=cagla",
        "Wójcik=wojcik Żak=zak Dvořák=dvorak Novotná=novotna Țurcanu=turcanu Kovács=kovacs Şahin=sahin Yıldız=yildiz Čermák=cermak")
    static let iberian = NameBook(
        "José=jose Inês=ines María=maria João=joao Iñaki=inaki Núria=nuria Hương=huong Thảo=thao Tuấn=tuan Quỳnh=quynh",
        "Muñoz=munoz Gonçalves=goncalves Ibáñez=ibanez Araújo=araujo Nguyễn=nguyen Trần=tran Phạm=pham Peña=pena")
    static let greek = NameBook(
        "Ελένη=eleni Νίκος=nikos Σοφία=sofia Γιώργος=giorgos Δήμητρα=dimitra",
        "Παππάς=pappas Οικονόμου=oikonomou Αγγέλου=angelou Βασιλείου=vasileiou")
    static let cyrillic = NameBook(
        "Ольга=olga Иван=ivan Світлана=svitlana Борис=boris Милена=milena Їжак=yizhak",
        "Соколова=sokolova Петренко=petrenko Йорданова=yordanova Кузнецов=kuznetsov Шевчук=shevchuk")
    static let arabic = NameBook(
        "ليلى=layla عمر=omar فاطمة=fatima يوسف=yusuf نور=nour", "الحداد=alhaddad منصور=mansour القاسم=alqasim ناصر=nasser")
    static let hebrew = NameBook("נועה=noa דוד=david יעל=yael אורי=uri", "לוי=levi פרידמן=friedman ברק=barak שגיא=sagi")
    static let han = NameBook(
        "伟=wei 芳=fang 丽华=lihua 建国=jianguo 雅婷=yating", "王=wang 李=li 欧阳=ouyang 陳=chen 黃=huang", familyFirst: true, separator: "")
    static let kana = NameBook(
        "さくら=sakura ケン=ken みどり=midori ハルト=haruto", "たなか=tanaka スズキ=suzuki さとう=sato ヤマダ=yamada", familyFirst: true)
    static let hangul = NameBook(
        "민준=minjun 서연=seoyeon 지우=jiwoo 하은=haeun", "김=kim 박=park 최=choi 정=jeong", familyFirst: true, separator: "")
    static let devanagari = NameBook("आरव=aarav प्रिया=priya रोहन=rohan अनन्या=ananya", "शर्मा=sharma वर्मा=verma जोशी=joshi पटेल=patel")
    static let thai = NameBook("สมชาย=somchai มาลี=mali นภา=napha ชัย=chai", "ใจดี=jaidee ศรีสุข=srisuk แก้วมณี=kaewmanee")
}
