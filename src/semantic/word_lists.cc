#include "semantic/word_lists.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

namespace refrain::semantic {
namespace {

struct meaning {
  std::string_view name;
  std::string_view spellings;  ///< with blanks between them
};

bool has_word(std::string_view list, std::string_view word) noexcept {
  if (word.empty()) return false;
  for (std::size_t at = list.find(word); at != std::string_view::npos; at = list.find(word, at + 1)) {
    const bool begins = at == 0 || list[at - 1] == ' ';
    const auto end = at + word.size();
    if (begins && (end == list.size() || list[end] == ' ')) return true;
  }
  return false;
}

std::optional<std::string_view> find(std::span<const meaning> table, std::string_view word) noexcept {
  const auto row = std::ranges::find_if(table, [&](const meaning& one) { return has_word(one.spellings, word); });
  return row == table.end() ? std::nullopt : std::optional{row->name};
}

constexpr std::array units{
    meaning{"percent", "% percent pct per-cent प्रतिशत फीसदी pratishat"},
    meaning{"dollar", "$ dollar dollars usd bucks डॉलर"},
    meaning{"euro", "€ euro euros eur यूरो"},
    meaning{"pound", "£ gbp quid"},
    meaning{"rupee", "₹ rs rupee rupees inr rupaye rupaya rupye रुपये रुपए रुपया रु"},
    meaning{"yen", "¥ yen jpy"},
    meaning{"lakh", "lakh lakhs lac लाख"},
    meaning{"crore", "crore crores करोड़"},
    meaning{"thousand", "thousand hazar hazaar हजार हज़ार"},
    meaning{"million", "million millions"},
    meaning{"billion", "billion billions"},
    meaning{"hundred", "hundred sau सौ"},
    meaning{"kilometre", "km kms kilometre kilometres kilometer kilometers किमी किलोमीटर"},
    meaning{"mile", "mile miles mi"},
    meaning{"metre", "m metre metres meter meters मीटर"},
    meaning{"centimetre", "cm centimetre centimetres centimeter centimeters सेमी"},
    meaning{"millimetre", "mm millimetre millimetres millimeter millimeters"},
    meaning{"foot", "ft foot feet फुट"},
    meaning{"inch", "inch inches इंच"},
    meaning{"yard", "yard yards yd"},
    meaning{"kilogram", "kg kgs kilogram kilograms kilo kilos किलो किग्रा"},
    meaning{"gram", "g gm gms gram grams ग्राम"},
    meaning{"milligram", "mg milligram milligrams"},
    meaning{"lb", "lb lbs"},
    meaning{"ounce", "oz ounce ounces"},
    meaning{"litre", "l litre litres liter liters लीटर"},
    meaning{"millilitre", "ml millilitre millilitres milliliter milliliters"},
    meaning{"gallon", "gallon gallons"},
    meaning{"cup", "cup cups"},
    meaning{"tablespoon", "tbsp tablespoon tablespoons"},
    meaning{"teaspoon", "tsp teaspoon teaspoons"},
    meaning{"second", "sec secs second seconds सेकंड"},
    meaning{"minute", "min mins minute minutes मिनट minat"},
    meaning{"hour", "h hr hrs hour hours घंटा घंटे ghanta ghante"},
    meaning{"day", "day days दिन din"},
    meaning{"week", "week weeks हफ्ता हफ्ते सप्ताह hafta hafte"},
    meaning{"month", "month months महीना महीने mahina mahine"},
    meaning{"year", "yr yrs year years साल वर्ष saal"},
    meaning{"am", "am a.m"},
    meaning{"pm", "pm p.m"},
    meaning{"oclock", "o'clock baje बजे"},
    meaning{"celsius", "°c celsius centigrade"},
    meaning{"fahrenheit", "°f fahrenheit"},
    meaning{"degree", "° degree degrees डिग्री"},
    meaning{"bit", "bit bits"},
    meaning{"byte", "byte bytes"},
    meaning{"kilobyte", "kb kilobyte kilobytes"},
    meaning{"megabyte", "mb megabyte megabytes एमबी"},
    meaning{"gigabyte", "gb gigabyte gigabytes gig gigs जीबी"},
    meaning{"terabyte", "tb terabyte terabytes"},
    meaning{"megabit", "mbps"},
    meaning{"gigabit", "gbps"},
    meaning{"watt", "w watt watts"},
    meaning{"kilowatt", "kw kilowatt kilowatts"},
    meaning{"volt", "v volt volts"},
    meaning{"acre", "acre acres एकड़"},
    meaning{"bigha", "bigha बीघा"},
    meaning{"word", "word words शब्द"},
    meaning{"page", "page pages"},
    meaning{"line", "line lines"},
    meaning{"person", "person persons people log लोग"},
    meaning{"time", "time times baar बार"},
};

constexpr std::array numbers{
    meaning{"0", "zero शून्य"},
    meaning{"2", "two दो"},
    meaning{"3", "three तीन teen"},
    meaning{"4", "four चार chaar char"},
    meaning{"5", "five पांच पाँच paanch panch"},
    meaning{"6", "six छह छः chhah"},
    meaning{"7", "seven सात saat"},
    meaning{"8", "eight आठ aath"},
    meaning{"9", "nine नौ nau"},
    meaning{"10", "ten दस das"},
    meaning{"11", "eleven"},
    meaning{"12", "twelve बारह"},
    meaning{"13", "thirteen"},
    meaning{"14", "fourteen"},
    meaning{"15", "fifteen पंद्रह"},
    meaning{"16", "sixteen"},
    meaning{"17", "seventeen"},
    meaning{"18", "eighteen"},
    meaning{"19", "nineteen"},
    meaning{"20", "twenty बीस bees"},
    meaning{"30", "thirty तीस"},
    meaning{"40", "forty चालीस"},
    meaning{"50", "fifty पचास pachas"},
    meaning{"60", "sixty"},
    meaning{"70", "seventy"},
    meaning{"80", "eighty"},
    meaning{"90", "ninety"},
    meaning{"1.5", "डेढ़ dedh"},
    meaning{"2.5", "ढाई dhai"},
    meaning{"0.5", "half आधा aadha"},
    meaning{"#1", "1st"},
    meaning{"#2", "2nd"},
    meaning{"#3", "3rd third"},
    meaning{"#4", "4th fourth"},
    meaning{"#5", "5th fifth"},
    meaning{"twice", "twice"},
};
/// `one`, `a` and `एक` are articles and pronouns, `do` is a verb, `second` an ordinal or a time.
constexpr std::array numbers_with_unit{meaning{"1", "one a an एक ek"}, meaning{"2", "do"}};

constexpr std::array dates{
    meaning{"january", "january jan जनवरी"},
    meaning{"february", "february feb फरवरी"},
    meaning{"march", "मार्च"},
    meaning{"april", "april apr अप्रैल"},
    meaning{"june", "june jun जून"},
    meaning{"july", "july jul जुलाई"},
    meaning{"august", "august aug अगस्त"},
    meaning{"september", "september sep sept सितंबर"},
    meaning{"october", "october oct अक्टूबर"},
    meaning{"november", "november nov नवंबर"},
    meaning{"december", "december dec दिसंबर"},
    meaning{"monday", "monday mondays mon सोमवार somvar"},
    meaning{"tuesday", "tuesday tuesdays tue मंगलवार mangalvar"},
    meaning{"wednesday", "wednesday wednesdays wed बुधवार budhvar"},
    meaning{"thursday", "thursday thursdays thu गुरुवार guruvar"},
    meaning{"friday", "friday fridays fri शुक्रवार shukravar"},
    meaning{"saturday", "saturday saturdays शनिवार shanivar"},
    meaning{"sunday", "sunday sundays रविवार ravivar"},
    meaning{"today", "today tonight आज aaj"},
    meaning{"tomorrow", "tomorrow"},
    meaning{"yesterday", "yesterday"},
    meaning{"kal", "कल kal"},
    meaning{"parson", "परसों parson"},
    meaning{"weekend", "weekend weekends"},
    meaning{"winter", "winter winters सर्दी सर्दियों"},
    meaning{"summer", "summer summers गर्मी गर्मियों"},
    meaning{"autumn", "autumn"},
    meaning{"morning", "morning सुबह subah"},
    meaning{"afternoon", "afternoon दोपहर"},
    meaning{"evening", "evening शाम shaam"},
    meaning{"night", "night रात raat"},
};

constexpr std::array denials{
    meaning{"not",
            "not no never none nobody nothing nowhere neither nor without cannot cant can't dont don't doesnt doesn't "
            "didnt didn't isnt isn't arent aren't wasnt wasn't werent weren't wont won't wouldnt wouldn't shouldnt "
            "shouldn't couldnt couldn't havent haven't hasnt hasn't hadnt hadn't mustnt mustn't aint ain't unable "
            "impossible नहीं नही मत बिना बगैर nahi nahin nhi mat bina bagair"},
    meaning{"except", "except unless excluding alawa अलावा"},
    meaning{"only", "only solely just-the सिर्फ केवल sirf keval"},
    meaning{"already", "already पहले-से"},
    meaning{"yet", "yet still अभी-तक"},
};

struct opposites {
  std::string_view first;
  std::string_view second;
};

/// By their stems.
constexpr std::array pairs{
    opposites{"open", "close shut"},
    opposites{"start begin", "stop end finish"},
    opposites{"enable activate", "disable deactivate"},
    opposites{"add insert append", "remove delete drop"},
    opposites{"increase raise higher", "decrease reduce lower"},
    opposites{"buy", "sell"},
    opposites{"lend", "borrow"},
    opposites{"send", "receive"},
    opposites{"before pehle पहले", "after baad बाद"},
    opposites{"minimum min least smallest lowest shortest cheapest",
              "maximum max most largest biggest highest longest"},
    opposites{"install", "uninstall"},
    opposites{"lock", "unlock"},
    opposites{"encrypt", "decrypt"},
    opposites{"encode", "decode"},
    opposites{"compress zip", "decompress unzip extract"},
    opposites{"import", "export"},
    opposites{"upload", "download"},
    opposites{"push", "pull"},
    opposites{"login sign-in log-in", "logout sign-out log-out"},
    opposites{"subscribe", "unsubscribe cancel"},
    opposites{"accept approve", "reject decline refuse"},
    opposites{"allow permit", "forbid block deny prevent"},
    opposites{"include", "exclude omit"},
    opposites{"show display", "hide"},
    opposites{"up upward upgrade", "down downward downgrade"},
    opposites{"on", "off"},
    opposites{"left", "right"},
    opposites{"above over", "below under"},
    opposites{"first", "last"},
    opposites{"next", "previous"},
    opposites{"new", "old existing"},
    opposites{"hot warm", "cold cool"},
    opposites{"fast quick", "slow"},
    opposites{"more greater", "less fewer"},
    opposites{"win", "lose"},
    opposites{"gain", "loss"},
    opposites{"deposit", "withdraw withdrawal"},
    opposites{"credit", "debit"},
    opposites{"income", "expense"},
    opposites{"ascending", "descending"},
    opposites{"horizontal", "vertical"},
    opposites{"row", "column"},
    opposites{"input", "output"},
    opposites{"read", "write"},
    opposites{"public", "private"},
    opposites{"local", "remote"},
    opposites{"internal", "external"},
    opposites{"domestic", "international"},
    opposites{"arrive arrival", "depart departure leave"},
    opposites{"male man men boy husband son brother father", "female woman women girl wife daughter sister mother"},
    opposites{"merge join", "split separate"},
    opposites{"connect pair", "disconnect unpair"},
    opposites{"mute", "unmute"},
    opposites{"follow", "unfollow"},
    opposites{"safe", "dangerous unsafe"},
    opposites{"positive", "negative"},
    opposites{"prepaid", "postpaid"},
    opposites{"online", "offline"},
    opposites{"single", "double"},
    opposites{"early earliest", "late latest"},
    opposites{"rise", "fall"},
    opposites{"पाना मिलना", "देना"},
    opposites{"चालू शुरू shuru chalu chaalu", "बंद band"},
    opposites{"जोड़ना जोड़ें jodna", "हटाना हटाएं hatana"},
    opposites{"बढ़ाना बढ़ाएं badhana", "घटाना घटाएं कम ghatana kam"},
    opposites{"ज्यादा zyada jyada", "कम kam"},
    opposites{"नया नई naya nayi", "पुराना पुरानी purana purani"},
    opposites{"अंदर andar", "बाहर bahar"},
    opposites{"ऊपर upar", "नीचे neeche niche"},
    opposites{"खरीदना kharidna", "बेचना bechna"},
};

constexpr std::string_view function_words =
    "a an the this that these those it its i me my mine we us our you your he him his she her they them their one ones "
    "is are am was were be been being do does did done have has had having can could will would shall should may might "
    "must to of in on at by for with from as into onto about than then so and or but if when where why how what which "
    "who whom whose there here just also too very really please kindly thanks thank hi hey hello ok okay want need "
    "know "
    "tell let get got give make way thing some any all each every s t re ve ll d m "
    "है हैं था थी थे हो होता होती होते का की के को से में पर और या तो भी ही यह वह ये वो मैं मुझे मेरा मेरी मेरे हम हमें आप आपका तुम कि जो "
    "क्या "
    "कैसे कब कहां कहाँ क्यों कौन कितना कितनी कितने करना करें कर कृपया एक "
    "hai hain tha thi the ho hota hoti ka ki ke ko se mein me par aur ya to bhi hi yeh ye woh wo main mujhe mera meri "
    "mere hum aap apna apni kya kaise kab kahan kyun kyu kaun kitna kitni kitne karna kare karo kar please ji";

/// Words that English has too (`to`, `the`, `me`, `main`, `band`) are no sign.
constexpr std::string_view hindi_words =
    "hai hain hoga hogi nahi nahin nhi kya kaise kab kahan kyun kyu kaun kitna kitni kitne karna karo kare karne karke "
    "mujhe mera meri mere hum aap apna apni apne aur bhi ka ki ke ko se mein yeh woh wala wali wale chahiye sakta "
    "sakte "
    "sakti raha rahi rahe gaya gayi liye bina baad pehle bata batao bataiye dijiye kijiye ho jata jati hua hui abhi";

}  // namespace

std::optional<std::string_view> unit_of(std::string_view word) noexcept { return find(units, word); }
std::optional<std::string_view> number_of(std::string_view word) noexcept { return find(numbers, word); }
std::optional<std::string_view> number_before_unit(std::string_view word) noexcept {
  return find(numbers_with_unit, word);
}
std::optional<std::string_view> date_of(std::string_view word) noexcept { return find(dates, word); }
std::optional<std::string_view> denial_of(std::string_view word) noexcept { return find(denials, word); }
bool is_function_word(std::string_view word) noexcept { return has_word(function_words, word); }
bool is_romanised_hindi(std::string_view word) noexcept { return has_word(hindi_words, word); }

std::optional<side> side_of(std::string_view word) {
  const auto stem = stem_of(word);
  const auto with_e = std::string{stem} + 'e';  // closing, removed
  const auto stands_in = [&](std::string_view list) {
    return has_word(list, word) || has_word(list, stem) || has_word(list, with_e);
  };
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (stands_in(pairs[i].first)) return side{static_cast<int>(i), false};
    if (stands_in(pairs[i].second)) return side{static_cast<int>(i), true};
  }
  return std::nullopt;
}

std::string_view stem_of(std::string_view word) noexcept {
  constexpr std::size_t shortest = 3;  // letters that must stay
  const auto cut = [&](std::string_view ending) {
    const bool fits = word.ends_with(ending) && word.size() >= ending.size() + shortest;
    if (fits) word.remove_suffix(ending.size());
    return fits;
  };
  if (cut("'s")) return word;
  if (cut("ing") || cut("ed")) {
    // stopped, stopping
    const auto size = word.size();
    if (size > shortest && word[size - 1] == word[size - 2] && word[size - 1] != 'l' && word[size - 1] != 's') {
      word.remove_suffix(1);
    }
    return word;
  }
  if (word.ends_with("ss") || word.ends_with("us") || word.ends_with("is")) return word;
  if (!cut("ies") && !(word.ends_with("xes") && cut("es")) && !(word.ends_with("ches") && cut("es"))) cut("s");
  return word;
}

}  // namespace refrain::semantic
