// What wsimport (JAX-WS 2) makes of the WSDLs, unedited, at work: java JaxWs URL USER PASSWORD API_KEY
// Prints a line for each thing that was done. The packages are those that the test had the classes made in.

import java.util.List;
import java.util.Set;
import javax.xml.namespace.QName;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.soap.SOAPHeader;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.handler.Handler;
import javax.xml.ws.handler.MessageContext;
import javax.xml.ws.handler.soap.SOAPHandler;
import javax.xml.ws.handler.soap.SOAPMessageContext;
import javax.xml.ws.soap.SOAPFaultException;
import org.w3c.dom.Element;

public class JaxWs {
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
        var port = new oracle.PartsService().getPartsPort();
        headers(port, JaxWs::userNameToken);
        var make = new oracle.ObjectFactory();
        var part = make.createRecordType();
        part.setPartNumber("JAXWS-1");
        part.setUnits(make.createRecordTypeUnits("3"));
        part.setNotes(make.createRecordTypeNotes("kept"));
        var price = make.createPriceMap();
        price.setUSD(make.createPriceMapUSD("12.5"));
        part.setPrice(make.createRecordTypePrice(price));
        var parts = make.createRecordList();
        parts.getEachRecord().add(part);
        var modify = make.createModifyPartsType();
        modify.setParts(parts);
        say("oracle inserted", port.modifyParts(modify).getStatus().getRecordsInserted().getValue());
        part.setNotes(null);
        part.setPrice(null);
        part.setUnits(make.createRecordTypeUnits("5"));
        port.modifyParts(modify);

        var criterion = make.createCriterionType();
        criterion.setField("part_number");
        criterion.setComparator("=");
        criterion.setValue("JAXWS-1");
        var criteria = make.createCriterionList();
        criteria.getCriteria().add(criterion);
        var get = make.createGetPartsType();
        get.setParts(criteria);
        var found = port.getParts(get).getParts().getEachRecord().get(0);
        var amount = found.getPrice().getValue().getUSD().getValue();
        say("oracle found", found.getUnits().getValue() + " " + found.getNotes().getValue() + " " + amount);

        criterion.setField("part_nmber");
        try {
            port.getParts(get);
        } catch (oracle.BusinessLogicException fault) {
            say("oracle fault", fault.getFaultInfo().getExceptionCode());
        }
    }

    static void session() throws Exception {
        var port = new security.SecurityService().getSecurityPort();
        headers(port, header -> versionOne(header, "Security", null));
        var make = new security.ObjectFactory();
        var info = make.createLoginUserType();
        info.setUsername(user);
        info.setPassword(password);
        var login = make.createLoginType();
        login.setUserInfo(info);
        String id = port.login(login).getUserInfo().getSessionId();
        say("session opened", id.length() > 20 ? "yes" : "no");
        headers(port, header -> versionOne(header, "Security", id));
        say("session is of", port.getUserInfo(make.createGetUserInfoType()).getUserInfo().getLogin().getValue());
        say("session closed", port.logout(make.createLogoutType()).getStatus().getSuccess().getValue());
    }

    static void ecosys() throws Exception {
        var port = new ecosys.PartService().getPartPort();
        var make = new ecosys.ObjectFactory();
        var options = make.createPartOptionsType();
        options.setUsername(user);
        options.setPassword(password);
        var part = make.createPartType();
        part.setPartID("JAXWS-1");
        part.setUnits(make.createPartTypeUnits("4"));
        var update = make.createPartUpdateRequestElementType();
        update.setPartOptions(options);
        update.getPart().add(part);
        var result = port.updatePart(update).getObjectResult().get(0);
        say("ecosys updated", result.isSuccessFlag() ? result.getExternalId() : "no");
        part.setPartID("NONE");
        result = port.updatePart(update).getObjectResult().get(0);
        say("ecosys refused", result.getResultMessage().get(0).getReasonCode());
        var read = make.createPartReadRequestElementType();
        read.setPartOptions(options);
        read.setPartParameters(make.createPartParametersType());
        read.getPartParameters().setPartID("JAXWS-1");
        part = port.readPart(read).getPart().get(0);
        say("ecosys found", part.getUnits().getValue() + " " + part.getNotes().getValue());
    }

    static void sap() throws Exception {
        var port = new sap.CpqApi().getCpqApiSoap();
        var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        var document = builder.newDocument();
        var customer = document.createElement("Customer");
        for (String[] each : new String[][] {{"FirstName", "Jax"}, {"LastName", "Ws"}, {"Company", "JAX-WS Ltd"}}) {
            var child = document.createElement(each[0]);
            child.setTextContent(each[1]);
            customer.appendChild(child);
        }
        var root = document.createElement("Root");
        var customers = root.appendChild(document.createElement("Customers"));
        customers.appendChild(customer);
        var xml = new sap.DocumentType();
        xml.getContent().add(root);
        var answered = (Element) port.customerAdministration(user, password, "ADD", xml).getContent().get(0);
        say("sap added", answered.getElementsByTagName("Status").item(0).getTextContent());
    }

    static void crm(String key) throws Exception {
        var sessions = new session.SessionManager().getSessionManagerPort();
        var opened = sessions.createSession(key);
        var port = new product.ProductManager().getProductManagerPort();
        var make = new product.ObjectFactory();
        var mine = make.createCrmIntegrationWebserviceSession();
        mine.setSessionID(make.createCrmIntegrationWebserviceSessionSessionID(opened.getSessionID().getValue()));
        var criteria = make.createProductSearchCriteria();
        criteria.setField(make.createProductSearchCriteriaField("product_no"));
        criteria.setValue(make.createProductSearchCriteriaValue("JAXWS-1"));
        var found = (Element) port.searchProducts(mine, criteria).getAny().get(0);
        say("crm found", Float.valueOf(found.getElementsByTagName("unit_price").item(0).getTextContent()));
        sessions.destroySession(opened);
        try {
            port.searchProducts(mine, criteria);
        } catch (SOAPFaultException fault) {
            say("crm fault", fault.getFault().getFaultString());
        }
    }

    /* ---- headers, as such clients put them in ---- */

    interface Writer {
        void write(SOAPHeader header) throws Exception;
    }

    static void userNameToken(SOAPHeader header) throws Exception {
        var token = header.addChildElement("Security", "wsse", WSSE).addChildElement("UsernameToken", "wsse");
        token.addChildElement("Username", "wsse").addTextNode(user);
        token.addChildElement("Password", "wsse").addTextNode(password);
    }

    static void versionOne(SOAPHeader header, String service, String session) throws Exception {
        String namespace = "urn:soap.bigmachines.com";
        var info = header.addChildElement("userInfo", "bm", namespace);
        if (session != null) info.addChildElement("sessionId", "bm").addTextNode(session);
        header.addChildElement("category", "bm", namespace).addTextNode(service);
        var xsd = header.addChildElement("xsdInfo", "bm", namespace);
        xsd.addChildElement("schemaLocation", "bm").addTextNode("https://hub.example/bmfsweb/" + service + ".xsd");
    }

    static void headers(Object port, Writer writer) {
        Handler<SOAPMessageContext> handler = new SOAPHandler<>() {
            public boolean handleMessage(SOAPMessageContext context) {
                if (!(Boolean) context.get(MessageContext.MESSAGE_OUTBOUND_PROPERTY)) return true;
                try {
                    var envelope = context.getMessage().getSOAPPart().getEnvelope();
                    writer.write(envelope.getHeader() != null ? envelope.getHeader() : envelope.addHeader());
                } catch (Exception problem) {
                    throw new IllegalStateException(problem);
                }
                return true;
            }

            public boolean handleFault(SOAPMessageContext context) {
                return true;
            }

            public void close(MessageContext context) {}

            public Set<QName> getHeaders() {
                return Set.of();
            }
        };
        ((BindingProvider) port).getBinding().setHandlerChain(List.of((Handler) handler));
    }

    static void say(String what, Object value) {
        System.out.println(what + ": " + value);
    }
}
