// Which codes ISO 4217 has: what a door takes as a currency.
#include <array>

#include "base/decimal.hpp"

namespace cartbell {
namespace {

// ISO 4217, list one as of January 2026: currencies, funds, metals and the codes for testing and for none.
constexpr std::string_view current =
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP "
    "BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN "
    "ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK "
    "JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD "
    "MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP "
    "PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP "
    "SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV "
    "WST XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW "
    "ZWG";

// Of ISO 4217, list three, what has been withdrawn since shops took orders over the net (1995): old orders carry it.
constexpr std::string_view withdrawn =
    "ADP AFA ANG AON AOR ATS AZM BAD BEF BGL BGN BYB BYR CSD CUC CYP DEM ECS ECV EEK ESP FIM "
    "FRF GEK GHC GRD GWP HRD HRK IEP ITL LTL LUF LVL MGF MRO MTL MXP MZM NLG PLZ PTE ROL RUR "
    "SDD SDP SIT SKK SLL SRG STD TJR TMM TPE TRL UAK VEB VEF XEU XFO XFU YUM YUN ZMK ZRN ZWD "
    "ZWL ZWN ZWR";

constexpr size_t letters = 26;
// A bit for the third letter, in the word of the first two.
using Codes = std::array<uint32_t, letters * letters>;

constexpr size_t index_of(char letter) { return static_cast<size_t>(letter - 'A'); }

constexpr void add(Codes &codes, std::string_view list) {
    for (size_t at = 0; at < list.size(); at += 4)
        codes[index_of(list[at]) * letters + index_of(list[at + 1])] |= 1u << index_of(list[at + 2]);
}

constexpr Codes known = [] {
    Codes codes{};
    add(codes, current);
    add(codes, withdrawn);
    return codes;
}();

}  // namespace

Currency Currency::listed(std::string_view code) {
    const Currency currency = of(code);
    if (!currency) return {};
    const uint32_t word = known[index_of(code[0]) * letters + index_of(code[1])];
    return word >> index_of(code[2]) & 1 ? currency : Currency{};
}

}  // namespace cartbell
