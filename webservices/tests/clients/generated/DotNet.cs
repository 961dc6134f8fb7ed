// What .NET's wsdl makes of the WSDLs, unedited, at work: DotNet.exe URL USER PASSWORD API_KEY
// Prints a line for each thing that was done. The namespaces are those that the test had the proxies made in.

using System;
using System.Web.Services.Protocols;
using System.Xml;
using System.Xml.Serialization;

namespace Hub {
    [XmlRoot("Security", Namespace = Token.Wsse)]
    public class Token : SoapHeader {
        public const string Wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
        [XmlElement(Namespace = Wsse)] public Who UsernameToken;
    }

    public class Who {
        [XmlElement(Namespace = Token.Wsse)] public string Username;
        [XmlElement(Namespace = Token.Wsse)] public string Password;
    }

    // The proxies declare no WS-Security; this is how their users put it in.
    public class Parts : oracle.PartsService {
        public Who Who;

        protected override XmlWriter GetWriterForMessage(SoapClientMessage message, int size) {
            message.Headers.Add(new Token { UsernameToken = Who });
            return base.GetWriterForMessage(message, size);
        }
    }

    public static class DotNet {
        static string user, password;

        public static void Main(string[] arguments) {
            user = arguments[1];
            password = arguments[2];
            OracleParts();
            Session();
            Ecosys();
            Sap();
            CrmService(arguments[3]);
        }

        static void OracleParts() {
            var port = new Parts { Who = new Who { Username = user, Password = password } };
            var part = new oracle.RecordType {
                part_number = "NET-1", units = "3", notes = "kept", price = new oracle.PriceMap { USD = "12.5" },
            };
            Say("oracle inserted", Modify(port, part).records_inserted);
            Modify(port, new oracle.RecordType { part_number = "NET-1", units = "5" });
            var found = Find(port, "part_number");
            Say("oracle found", found.units + " " + found.notes + " " + found.price.USD);
            try {
                Find(port, "part_nmber");
            } catch (SoapException fault) {
                Say("oracle fault", fault.Detail["fault", Namespace]["exceptionCode", Namespace].InnerText);
            }
        }

        const string Namespace = "http://xmlns.oracle.com/cpqcloud/parts";

        static oracle.CommonStatusType Modify(Parts port, oracle.RecordType part) {
            return port.modifyParts(new oracle.ModifyPartsType { Parts = new[] { part } }).status;
        }

        static oracle.RecordType Find(Parts port, string field) {
            var criterion = new oracle.CriterionType { field = field, comparator = "=", value = "NET-1" };
            return port.getParts(new oracle.GetPartsType { Parts = new[] { criterion } }).Parts[0];
        }

        static void Session() {
            var port = new security.SecurityService {
                category = new security.CategoryHeaderType { Value = "Security" },
                xsdInfo = new security.XsdInfoHeaderType { schemaLocation = "https://hub.example/bmfsweb/Security.xsd" },
            };
            var info = new security.LoginUserType { username = user, password = password };
            string id = port.login(new security.LoginType { userInfo = info }).userInfo.sessionId;
            Say("session opened", id.Length > 20 ? "yes" : "no");
            port.userInfo = new security.UserInfoHeaderType { sessionId = id };
            Say("session is of", port.getUserInfo(new security.GetUserInfoType()).userInfo.login);
            Say("session closed", port.logout(new security.LogoutType()).status.success);
        }

        static void Ecosys() {
            var port = new ecosys.PartService();
            var options = new ecosys.PartOptionsType { Username = user, Password = password };
            var part = new ecosys.PartType { PartID = "NET-1", Units = "4" };
            var update = new ecosys.PartUpdateRequestElementType { PartOptions = options, Part = new[] { part } };
            var result = port.UpdatePart(update).ObjectResult[0];
            Say("ecosys updated", result.successFlag ? result.externalId : "no");
            part.PartID = "NONE";
            Say("ecosys refused", port.UpdatePart(update).ObjectResult[0].ResultMessage[0].reasonCode);
            var parameters = new ecosys.PartParametersType { PartID = "NET-1" };
            var read = new ecosys.PartReadRequestElementType { PartOptions = options, PartParameters = parameters };
            part = port.ReadPart(read).Part[0];
            Say("ecosys found", part.Units + " " + part.Notes);
        }

        static void Sap() {
            var root = new XmlDocument();
            root.LoadXml("<Root><Customers><Customer><FirstName>Dot</FirstName><LastName>Net</LastName>"
                + "<Company>.NET Ltd</Company></Customer></Customers></Root>");
            var answer = new sap.CpqApi().CustomerAdministration(user, password, "ADD", root.DocumentElement);
            Say("sap added", answer["Status"].InnerText);
        }

        static void CrmService(string key) {
            var sessions = new session.sessionManager();
            var port = new product.productManager();
            var opened = sessions.createSession(key);
            var mine = new product.CrmIntegrationWebserviceSession { sessionID = opened.sessionID };
            var criteria = new product.ProductSearchCriteria { field = "product_no", value = "NET-1" };
            Say("crm found", XmlConvert.ToSingle(port.searchProducts(mine, criteria).Any[0]["unit_price"].InnerText));
            sessions.destroySession(opened);
            try {
                port.searchProducts(mine, criteria);
            } catch (SoapException fault) {
                Say("crm fault", fault.Message);
            }
        }

        static void Say(string what, object value) {
            Console.WriteLine(what + ": " + value);
        }
    }
}
