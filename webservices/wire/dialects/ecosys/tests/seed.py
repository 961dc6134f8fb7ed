"""The base text's own messages; only its annotations and ellipses are left out."""

ENVELOPE = """<SOAP-ENV:Envelope
 xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<SOAP-ENV:Body>
%s
</SOAP-ENV:Body>
</SOAP-ENV:Envelope>"""

UPDATE = (
    ENVELOPE
    % """<m:SampleObjectUpdateRequestElement
 xmlns:m="http://ecosys.net/api/SampleObject">
<SampleObjectOptions>
<Username>admin</Username>
<Password>secret</Password>
<LogoutSession>true</LogoutSession>
<LogLevel>DETAIL</LogLevel>
</SampleObjectOptions>
<SampleObjectParameters>
<filter>ABC</filter>
</SampleObjectParameters>
<SampleObject>
<CostObjectID>Project ABC</CostObjectID>
<CostObjectName>Project ABC New Name</CostObjectName>
</SampleObject>
<SampleObject>
<CostObjectID>Project DEF</CostObjectID>
<CostObjectName>Project DEF New Name</CostObjectName>
</SampleObject>
</m:SampleObjectUpdateRequestElement>"""
)

DELETE = (
    ENVELOPE
    % """<m:SampleObjectDeleteRequestElement
 xmlns:m="http://ecosys.net/api/SampleObject">
<SampleObjectOptions>
<Username>admin</Username>
<Password>secret</Password>
<LogoutSession>true</LogoutSession>
</SampleObjectOptions>
<SampleObjectParameters>
<filter>ABC</filter>
</SampleObjectParameters>
<SampleObjectKey>
<CostObjectID>Project ABC</CostObjectID>
</SampleObjectKey>
<SampleObjectKey>
<CostObjectID>Project DEF</CostObjectID>
</SampleObjectKey>
</m:SampleObjectDeleteRequestElement>"""
)

# Shape of the base text's response: the elements and attributes of each, in their order.
RESPONSE = [
    ("SampleObjectWriteResponseElement", []),
    ("ObjectResult", ["index", "successFlag", "internalId", "externalId"]),
    ("ObjectResult", ["index", "successFlag", "internalId", "externalId"]),
    ("ResultMessage", ["level", "reasonCode"]),
    ("KeyName", []),
    ("Message", []),
]
