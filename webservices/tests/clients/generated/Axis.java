// What Axis 1.4 (2006) makes of the WSDLs, unedited, at work: java Axis URL USER PASSWORD API_KEY
// Prints a line for each thing that was done. The packages are those that the test had the classes made in.

import oracle.CriterionType;
import oracle.PriceMap;
import oracle.RecordType;
import oracle.holders.CommonStatusTypeHolder;
import oracle.holders.FoundRecordListHolder;
import org.apache.axis.client.Stub;
import org.apache.axis.message.MessageElement;
import org.apache.axis.message.SOAPHeaderElement;

public class Axis {
    static final String WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    static String user, password;

    public static void main(String[] arguments) throws Exception {
        user = arguments[1];
        password = arguments[2];
        oracle();
        session();
        ecosys();
        sap();
        crm(arguments[3]);
    }

    static void oracle() throws Exception {
        var port = new oracle.PartsServiceLocator().getPartsPort();
        var token = new SOAPHeaderElement(WSSE, "Security");
        var name = token.addChildElement("UsernameToken", "wsse", WSSE);
        name.addChildElement("Username", "wsse", WSSE).addTextNode(user);
        name.addChildElement("Password", "wsse", WSSE).addTextNode(password);
        token.setActor(null);  // else Axis says that it is meant for the next one on the way
        ((Stub) port).setHeader(token);
        var part = new RecordType();
        part.setPart_number("AXIS-1");
        part.setUnits("3");
        var price = new PriceMap();
        price.setUSD("12.5");
        part.setPrice(price);
        part.setNotes("kept");
        say("oracle inserted", port.modifyParts(new RecordType[] {part}).getRecords_inserted());
        part.setPrice(null);
        part.setNotes(null);
        part.setUnits("5");
        port.modifyParts(new RecordType[] {part});

        var status = new CommonStatusTypeHolder();
        var found = new FoundRecordListHolder();
        port.getParts(new CriterionType[] {new CriterionType("part_number", "AXIS-1", "=")}, status, found);
        var first = found.value[0];
        say("oracle found", first.getUnits() + " " + first.getNotes() + " " + first.getPrice().getUSD());
        try {
            port.getParts(new CriterionType[] {new CriterionType("part_nmber", "AXIS-1", "=")}, status, found);
        } catch (oracle.FaultType fault) {
            say("oracle fault", fault.getExceptionCode());
        }
    }

    static void session() throws Exception {
        var port = new security.SecurityServiceLocator().getSecurityPort();
        versionOne((Stub) port, null);
        var status = new security.holders.CommonStatusTypeHolder();
        var opened = new security.holders.SessionUserTypeHolder();
        var info = new security.LoginUserType();
        info.setUsername(user);
        info.setPassword(password);
        port.login(info, status, opened);
        String id = opened.value.getSessionId();
        say("session opened", id.length() > 20 ? "yes" : "no");
        versionOne((Stub) port, id);
        var told = new security.holders.UserTypeHolder();
        port.getUserInfo(status, told);
        say("session is of", told.value.getLogin());
        say("session closed", port.logout().getSuccess());
    }

    static void versionOne(Stub port, String session) throws Exception {
        String namespace = "urn:soap.bigmachines.com";
        port.clearHeaders();
        var info = new SOAPHeaderElement(namespace, "userInfo");
        if (session != null) info.addChildElement("sessionId", "bm", namespace).addTextNode(session);
        port.setHeader(info);
        port.setHeader(new SOAPHeaderElement(namespace, "category", "Security"));
        var xsd = new SOAPHeaderElement(namespace, "xsdInfo");
        xsd.addChildElement("schemaLocation", "bm", namespace).addTextNode("https://hub.example/bmfsweb/Security.xsd");
        port.setHeader(xsd);
    }

    static void ecosys() throws Exception {
        var port = new ecosys.PartServiceLocator().getPartPort();
        var options = new ecosys.PartOptionsType();
        options.setUsername(user);
        options.setPassword(password);
        var part = new ecosys.PartType();
        part.setPartID("AXIS-1");
        part.setUnits("4");
        var update = new ecosys.PartUpdateRequestElementType();
        update.setPartOptions(options);
        update.setPart(new ecosys.PartType[] {part});
        var result = port.updatePart(update).getObjectResult()[0];
        say("ecosys updated", result.isSuccessFlag() ? result.getExternalId() : "no");
        part.setPartID("NONE");
        result = port.updatePart(update).getObjectResult()[0];
        say("ecosys refused", result.getResultMessage()[0].getReasonCode());
        var read = new ecosys.PartReadRequestElementType();
        read.setPartOptions(options);
        read.setPartParameters(new ecosys.PartParametersType());
        read.getPartParameters().setPartID("AXIS-1");
        part = port.readPart(read).getPart()[0];
        say("ecosys found", part.getUnits() + " " + part.getNotes());
    }

    static void sap() throws Exception {
        var port = new sap.CpqApiLocator().getCpqApiSoap();
        var root = new MessageElement("", "Root");
        var customer = root.addChildElement("Customers", "", "").addChildElement("Customer", "", "");
        customer.addChildElement("FirstName", "", "").addTextNode("Ax");
        customer.addChildElement("LastName", "", "").addTextNode("Is");
        customer.addChildElement("Company", "", "").addTextNode("Axis Ltd");
        var xml = new sap.DocumentType();
        xml.set_any(new MessageElement[] {root});
        var answered = port.customerAdministration(user, password, "ADD", xml).get_any()[0].getAsDOM();
        say("sap added", answered.getElementsByTagName("Status").item(0).getTextContent());
    }

    static void crm(String key) throws Exception {
        var sessions = new session.SessionManagerLocator().getsessionManagerPort();
        var opened = sessions.createSession(key);
        var port = new product.ProductManagerLocator().getproductManagerPort();
        var mine = new product.CrmIntegrationWebserviceSession();
        mine.setSessionID(opened.getSessionID());
        var criteria = new product.ProductSearchCriteria();
        criteria.setField("product_no");
        criteria.setValue("AXIS-1");
        say("crm found", port.searchProducts(mine, criteria)[0].getUnit_price());
        sessions.destroySession(opened);
        try {
            port.searchProducts(mine, criteria);
        } catch (org.apache.axis.AxisFault fault) {
            say("crm fault", fault.getFaultString());
        }
    }

    static void say(String what, Object value) {
        System.out.println(what + ": " + value);
    }
}
