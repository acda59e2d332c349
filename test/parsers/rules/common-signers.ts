/** Vendors whose signed files are on many machines, as Signer has their names. None of them makes a tool of the pack. */
export const commonSigners: readonly string[] = `
Microsoft Corporation
Microsoft Windows
Microsoft Windows Publisher
Microsoft Windows Hardware Compatibility Publisher
Microsoft Windows Early Launch Anti-malware Publisher
Microsoft Dynamic Code Publisher
Microsoft Azure Code Sign
Microsoft 3rd Party Application Component
.NET
Skype Software Sarl
GitHub, Inc.
LinkedIn Corporation
npm, Inc.
Google LLC
Google Inc
Google Inc.
Mozilla Corporation
Adobe Inc.
Adobe Systems Incorporated
Adobe Systems, Incorporated
Apple Inc.
Apple Computer, Inc.
Intel Corporation
Intel(R) Software Development Products
Intel(R) pGFX
Intel Corporation - Client Components Group
Intel(R) Rapid Storage Technology
NVIDIA Corporation
NVIDIA Corporation PE Sign v2016
Advanced Micro Devices, Inc.
Advanced Micro Devices INC.
Realtek Semiconductor Corp
Realtek Semiconductor Corp.
Synaptics Incorporated
ELAN Microelectronics Corporation
Conexant Systems LLC
Qualcomm Technologies, Inc.
Qualcomm Atheros
Broadcom Inc
Broadcom Corporation
MediaTek Inc.
Marvell Semiconductor, Inc.
Logitech
Logitech Inc
Logitech Europe S.A.
Razer USA Ltd.
SteelSeries ApS
Corsair Memory, Inc.
Samsung Electronics CO., LTD.
Western Digital Technologies, Inc.
Seagate Technology LLC
Kingston Technology Company, Inc.
Dell Inc
Dell Inc.
Dell Technologies Inc.
HP Inc.
Hewlett-Packard Company
Hewlett Packard Enterprise Company
Lenovo
Lenovo (Beijing) Limited
ASUSTeK COMPUTER INC.
Acer Incorporated
MICRO-STAR INTERNATIONAL CO., LTD.
GIGA-BYTE TECHNOLOGY CO., LTD.
Toshiba Corporation
Fujitsu Limited
Panasonic Corporation
Sony Corporation
Canon Inc.
Seiko Epson Corporation
Brother Industries, Ltd.
Xerox Corporation
Lexmark International, Inc.
KYOCERA Document Solutions Inc.
Ricoh Company, Ltd.
Wacom Co., Ltd.
Oracle America, Inc.
Oracle Corporation
Sun Microsystems, Inc.
VMware, Inc.
Citrix Systems, Inc.
Cisco Systems, Inc.
Cisco WebEx LLC
Cisco Video Technologies Israel Ltd.
Zoom Video Communications, Inc.
Slack Technologies, Inc.
Slack Technologies, LLC
Discord Inc.
WhatsApp LLC
Meta Platforms, Inc.
Facebook, Inc.
Telegram FZ-LLC
Signal Messenger, LLC
Spotify AB
Netflix, Inc.
Valve Corp.
Valve
Epic Games Inc.
Electronic Arts, Inc.
Ubisoft Entertainment Sweden AB
Blizzard Entertainment, Inc.
Riot Games, Inc.
Rockstar Games, Inc.
Roblox Corporation
Mojang AB
CD PROJEKT S.A.
GOG Sp. z o.o.
BattlEye Innovations e.K.
Dropbox, Inc
Box, Inc.
Amazon.com Services LLC
Amazon Web Services, Inc.
Salesforce, Inc.
SAP SE
International Business Machines Corporation
Red Hat, Inc.
Canonical Group Limited
Docker Inc
HashiCorp, Inc.
JetBrains s.r.o.
Atlassian Pty Ltd
GitKraken
Postman, Inc.
Node.js Foundation
OpenJS Foundation
Python Software Foundation
Anaconda, Inc.
Eclipse.org Foundation, Inc.
Johannes Schindelin
The Git Development Community
Notepad++
Igor Pavlov
win.rar GmbH
WinZip Computing
Corel Corporation
Nullsoft, Inc.
VideoLAN
Open Source Developer, Martin Prikryl
Martin Prikryl
Simon Tatham
Wireshark Foundation, Inc.
Insecure.Com LLC
Nmap Software LLC
The Document Foundation
Apache Software Foundation
Ghisler Software GmbH
Piriform Software Ltd
Irfan Skiljan
TechSmith Corporation
Foxit Software Inc.
Tracker Software Products (Canada) Ltd.
Nitro Software, Inc.
Autodesk, Inc.
Dassault Systemes SolidWorks Corp.
Siemens Industry Software Inc.
PTC Inc.
Bentley Systems, Incorporated
ESRI
The MathWorks, Inc.
Wolfram Research, Inc.
National Instruments Corporation
Rockwell Automation, Inc.
Schneider Electric
Intuit, Inc.
Quicken, Inc.
Sage Software, Inc.
Thomson Reuters
Bloomberg LP
Symantec Corporation
NortonLifeLock Inc.
Gen Digital Inc.
McAfee, Inc.
McAfee, LLC
Musarubra US LLC
Trellix US LLC
Trend Micro, Inc.
Kaspersky Lab
AO Kaspersky Lab
ESET, spol. s r.o.
Avast Software s.r.o.
AVG Technologies USA, LLC
AVG Technologies CZ, s.r.o.
Avira Operations GmbH & Co. KG
Bitdefender SRL
Sophos Ltd
Sophos Limited
Malwarebytes Inc
F-Secure Corporation
WithSecure Oyj
Panda Security S.L.
CrowdStrike, Inc.
SentinelOne Inc.
Carbon Black, Inc.
Palo Alto Networks, Inc.
Palo Alto Networks (Netherlands) B.V.
Fortinet Technologies (Canada) ULC
Check Point Software Technologies Ltd.
Zscaler, Inc.
Netskope, Inc.
Cloudflare, Inc.
Okta, Inc.
Duo Security LLC
RSA Security LLC
Yubico AB
SecureAuth Corporation
Splunk Inc.
Splunk LLC
Elasticsearch, Inc.
Datadog, Inc
New Relic, Inc.
Dynatrace LLC
Qualys, Inc.
Tenable, Inc.
Rapid7 LLC
Veeam Software Group GmbH
Veritas Technologies LLC
Commvault Systems, Inc.
Acronis International GmbH
Macrium Software
Paragon Software GmbH
Parallels International GmbH
innotek GmbH
The OpenVPN Project
OpenVPN Inc.
WireGuard LLC
NordVPN S.A.
Proton AG
Opera Norway AS
Opera Software AS
Brave Software, Inc.
Vivaldi Technologies AS
The Tor Project, Inc.
Yandex LLC
Evernote Corporation
Grammarly, Inc.
Notion Labs, Inc.
Figma, Inc.
Miro (RealtimeBoard, Inc.)
1Password (AgileBits Inc.)
LastPass US LP
Dominik Reichl
Bitwarden Inc.
RingCentral, Inc.
Avaya Inc.
Poly, Inc.
Plantronics, Inc.
GN Audio A/S
Dolby Laboratories, Inc.
DTS, Inc.
Waves Inc.
Flexera Software LLC
Macrovision Corporation
InstallShield Software Corporation
Sysinternals
JAM Software GmbH
NirSoft
Kitware, Inc.
SlySoft, Inc.
Nero AG
CyberLink Corp.
Roxio
`
  .trim()
  .split('\n');
